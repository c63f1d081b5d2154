using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Sync;

/// <summary>
/// Overwrites the change marker after commits and blocks, at most once a second, and once more before the process ends. It is a hint to others: a failure to write it is no failure of the write that it tells of.
/// </summary>
internal sealed class MarkerFlusher(VaultDevice device) : IAsyncDisposable
{
    /// <summary>The size of the marker: random bytes, new at each write.</summary>
    public const int Size = 16;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private Moment? _last;

    // The version that was not there any more: until the next listing has found another one, asking for it again would be in vain.
    private string? _refused;

    private bool _dirty;
    private bool _active;
    private Task _running = Task.CompletedTask;

    /// <summary>Writes the marker now, whatever stands there.</summary>
    public static ValueTask<ObjectInfo> WriteAsync(VaultDevice device, CancellationToken cancellationToken) => WriteAsync(device, PutCondition.Any, cancellationToken);

    private static async ValueTask<ObjectInfo> WriteAsync(VaultDevice device, PutCondition condition, CancellationToken cancellationToken)
    {
        var bytes = new byte[Size];
        device.Environment.Random.Fill(bytes);
        return await device.Store.PutBytesAsync(device.Names.Marker, bytes, new PutOptions { Condition = condition }, cancellationToken);
    }

    /// <summary>Notes that something is new; the marker is written as soon as its interval allows.</summary>
    public void Touch()
    {
        TaskCompletionSource ended;
        lock (_lock)
        {
            _dirty = true;
            if (_active)
                return;
            _active = true;
            ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _running = ended.Task;
        }
        _ = FlushAsync(ended);
    }

    private async Task FlushAsync(TaskCompletionSource ended)
    {
        try
        {
            while (TakeDirty())
            {
                if (_last is { } last && Interval - last.Elapsed(device.Time) is var wait && wait > TimeSpan.Zero && !_closing.IsCancellationRequested)
                    await WaitAsync(wait);
                _last = Moment.Now(device.Time);
                if (!await TryPutAsync())
                    SetDirty();
            }
            ended.SetResult();
        }
        catch (Exception fault)
        {
            // A fault of the store's code, not of the store: who closes the vault is told, instead of waiting for ever.
            ended.SetException(fault);
        }
    }

    private void SetDirty()
    {
        lock (_lock)
            _dirty = true;
    }

    private bool TakeDirty()
    {
        lock (_lock)
        {
            _active = _dirty;
            _dirty = false;
            return _active;
        }
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, device.Time, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            // Closing: the marker is written now.
        }
    }

    /// <summary>
    /// Writes the marker: where the store can, in place of the very version that stood there before the last listing. When that succeeds nobody else has told of anything since, so what stands there now is known as well, and the
    /// next poll need not list for this device's own news. False when it did not succeed: somebody else has told of something, and it is to be written once more, whatever stands there, at its next turn.
    /// </summary>
    private async Task<bool> TryPutAsync()
    {
        var known = Known();
        try
        {
            var put = await WriteAsync(device, known is null ? PutCondition.Any : PutCondition.IfMatch(new ObjectVersion(known)), CancellationToken.None);
            if (known is not null && put.Version is { } version)
                Replace(known, version.Value);
            return true;
        }
        catch (StoreException)
        {
            // A hint that cannot be written: others find the news at their next complete listing.
            _refused = known;
            return known is null;
        }
    }

    /// <summary>The version that a put can name: null where versions are not compared, none is known, or it has gone.</summary>
    private string? Known()
    {
        if (device.Store.Capabilities is not { IfMatch: true, StrongVersions: true })
            return null;
        try
        {
            return device.Status.Marker is { } marker && marker != _refused ? marker : null;
        }
        catch (Exception fault) when (fault is VaultException or SqliteException)
        {
            // Whoever uses the local files next is told; others can still be told that there is news.
            return null;
        }
    }

    /// <summary>Notes the version that stands there now, unless a sync has read a newer one meanwhile.</summary>
    private void Replace(string known, string version)
    {
        try
        {
            device.Database.Write(() =>
            {
                if (device.Status.Marker == known)
                    device.Status.Marker = version;
            });
        }
        catch (Exception fault) when (fault is VaultException or SqliteException)
        {
            // Then the next poll lists.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closing.Cancel();
        await _running;
        _closing.Dispose();
    }
}
