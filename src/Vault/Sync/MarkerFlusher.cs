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
    private bool _dirty;
    private bool _active;
    private Task _running = Task.CompletedTask;

    /// <summary>Writes the marker now.</summary>
    public static async ValueTask<ObjectInfo> WriteAsync(VaultDevice device, CancellationToken cancellationToken)
    {
        var bytes = new byte[Size];
        device.Environment.Random.Fill(bytes);
        return await device.Store.PutBytesAsync(device.Names.Marker, bytes, cancellationToken: cancellationToken);
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
        while (TakeDirty())
        {
            if (_last is { } last && Interval - last.Elapsed(device.Time) is var wait && wait > TimeSpan.Zero && !_closing.IsCancellationRequested)
                await WaitAsync(wait);
            _last = Moment.Now(device.Time);
            await PutAsync();
        }
        ended.SetResult();
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

    private async Task PutAsync()
    {
        try
        {
            await WriteAsync(device, CancellationToken.None);
        }
        catch (StoreException)
        {
            // Others find the news at their next complete listing.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closing.Cancel();
        await _running;
        _closing.Dispose();
    }
}
