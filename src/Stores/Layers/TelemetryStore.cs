using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Coffer.Stores;

/// <summary>
/// Counts requests and bytes, and tells traces and metrics of them (see <see cref="StoreTelemetry"/>). Metrics are told apart by the store's scheme, the
/// operation and the kind of error alone; a trace also names the store and the object's key, and nothing of its content.
/// </summary>
/// <remarks>
/// Lies inside of <see cref="RetryStore"/> and <see cref="TimeoutStore"/>, so that each attempt is counted, and counted with how it ended. What is refused before any I/O
/// (<see cref="StoreErrorKind.Unsupported"/>, <see cref="StoreErrorKind.InvalidKey"/>) is no request. Find it in a composed store with
/// <c>store.Find&lt;TelemetryStore&gt;()</c>.
/// </remarks>
public sealed class TelemetryStore : DelegatingStore
{
    private const int PageOfEntries = 1000;
    private const int BatchOfKeys = 1000;

    private readonly TimeProvider _time;
    private readonly RequestTally _tally;

    /// <param name="inner">The store whose requests are counted.</param>
    /// <param name="time">The clock that measures durations.</param>
    public TelemetryStore(IStore inner, TimeProvider time)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        var colon = Name.IndexOf(':', StringComparison.Ordinal);
        _tally = new RequestTally(colon > 0 ? Name[..colon] : "other");
    }

    /// <summary>What was counted up to now.</summary>
    public StoreRequestCounters Counters => _tally.Snapshot();

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        using var request = Begin(StoreOperation.Stat, key);
        try
        {
            return await Inner.StatAsync(key, cancellationToken);
        }
        catch (Exception e)
        {
            request.Failure = e;
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var request = Begin(StoreOperation.Read, key);
        try
        {
            var reader = await Inner.OpenReadAsync(key, options, cancellationToken);
            request.Size = reader.Length;
            return new ObjectReader(reader.Info, new CountedContent(reader, _tally), reader.Length, reader.Range);
        }
        catch (Exception e)
        {
            request.Failure = e;
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var request = Begin(StoreOperation.Put, key);
        try
        {
            var info = await Inner.PutAsync(key, body, options, cancellationToken);
            request.Size = info.Size;
            _tally.CountBytes(StoreOperation.Put, info.Size);
            return info;
        }
        catch (Exception e)
        {
            request.Failure = e;
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        using var request = Begin(StoreOperation.Delete, key);
        try
        {
            await Inner.DeleteAsync(key, cancellationToken);
        }
        catch (Exception e)
        {
            request.Failure = e;
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var request = Begin(StoreOperation.Delete, default);
        request.Requests = (keys.Count + BatchOfKeys - 1) / BatchOfKeys;
        try
        {
            await Inner.DeleteManyAsync(keys, cancellationToken);
        }
        catch (Exception e)
        {
            request.Failure = e;
            throw;
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var size = Math.Max(1, Math.Min(options?.PageSize ?? PageOfEntries, PageOfEntries));
        using var request = Begin(StoreOperation.List, default);
        await using var entries = Inner.ListAsync(prefix, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (var count = 0L; ; count++)
        {
            request.Resume();
            try
            {
                if (!await entries.MoveNextAsync())
                    yield break;
            }
            catch (Exception e)
            {
                request.Failure = e;
                throw;
            }
            request.Pause();
            if (count > 0 && count % size == 0)
                request.Requests++;
            yield return entries.Current;
        }
    }

    private Request Begin(StoreOperation operation, StoreKey key)
    {
        var activity = StoreTelemetry.Activities.StartActivity("store " + StoreTelemetry.NameOf(operation), ActivityKind.Client);
        if (activity is not null)
        {
            activity.SetTag("coffer.store", Name);
            if (!key.IsDefault)
                activity.SetTag("coffer.key", key.Value);
        }
        return new Request(_tally, _time, operation, activity);
    }

    /// <summary>One request while it lasts; told of when it is disposed.</summary>
    private sealed class Request(RequestTally tally, TimeProvider time, StoreOperation operation, Activity? activity) : IDisposable
    {
        private TimeSpan _taken;
        private long? _since = time.GetTimestamp();

        public long Requests { get; set; } = 1;

        public long? Size { get; set; }

        public Exception? Failure { get; set; }

        public void Resume() => _since ??= time.GetTimestamp();

        public void Pause()
        {
            if (_since is { } since)
                _taken += time.GetElapsedTime(since);
            _since = null;
        }

        public void Dispose()
        {
            Pause();
            if (Failure is not StoreException { Kind: StoreErrorKind.Unsupported or StoreErrorKind.InvalidKey })
                tally.Count(operation, Requests, _taken, Failure);
            if (activity is null)
                return;
            if (Size is { } size)
                activity.SetTag("coffer.size", size);
            if (Failure is not null)
            {
                activity.SetTag("error.type", RequestTally.ErrorOf(Failure));
                activity.SetStatus(ActivityStatusCode.Error);
            }
            activity.Dispose();
        }
    }

    private sealed class CountedContent(ObjectReader reader, RequestTally tally) : LayerStream(reader)
    {
        private long _bytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return Count(await Content.ReadAsync(buffer, cancellationToken));
            }
            catch
            {
                tally.CountBroken(StoreOperation.Read);
                throw;
            }
        }

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return Count(Content.Read(buffer));
            }
            catch
            {
                tally.CountBroken(StoreOperation.Read);
                throw;
            }
        }

        private int Count(int count)
        {
            _bytes += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            CountAll();
            base.Dispose(disposing);
        }

        public override async ValueTask DisposeAsync()
        {
            CountAll();
            await base.DisposeAsync();
        }

        private void CountAll() => tally.CountBytes(StoreOperation.Read, Interlocked.Exchange(ref _bytes, 0));
    }
}
