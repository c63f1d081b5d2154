using System.Diagnostics;

namespace Coffer.Stores;

/// <summary>Counts the requests of one <see cref="TelemetryStore"/>, and tells the meter of each.</summary>
internal sealed class RequestTally(string scheme)
{
    private const int Operations = (int)StoreOperation.List + 1;

    private readonly long[] _requests = new long[Operations];
    private readonly long[] _failures = new long[Operations];
    private readonly long[] _bytes = new long[Operations];

    public void Count(StoreOperation operation, long requests, TimeSpan duration, Exception? failure)
    {
        Interlocked.Add(ref _requests[(int)operation], requests);
        if (failure is not null)
            Interlocked.Increment(ref _failures[(int)operation]);
        var tags = TagsOf(operation);
        if (failure is not null)
            tags.Add("error.type", ErrorOf(failure));
        StoreTelemetry.Requests.Add(requests, tags);
        StoreTelemetry.Duration.Record(duration.TotalSeconds, tags);
    }

    /// <summary>Counts a content that broke off after its request had been answered.</summary>
    public void CountBroken(StoreOperation operation) => Interlocked.Increment(ref _failures[(int)operation]);

    public void CountBytes(StoreOperation operation, long bytes)
    {
        if (bytes == 0)
            return;
        Interlocked.Add(ref _bytes[(int)operation], bytes);
        StoreTelemetry.Bytes.Add(bytes, TagsOf(operation));
    }

    public StoreRequestCounters Snapshot() => new()
    {
        Stat = SnapshotOf(StoreOperation.Stat),
        Read = SnapshotOf(StoreOperation.Read),
        Put = SnapshotOf(StoreOperation.Put),
        Delete = SnapshotOf(StoreOperation.Delete),
        List = SnapshotOf(StoreOperation.List),
    };

    private StoreOperationCounters SnapshotOf(StoreOperation operation) => new(
        Interlocked.Read(ref _requests[(int)operation]), Interlocked.Read(ref _failures[(int)operation]), Interlocked.Read(ref _bytes[(int)operation]));

    private TagList TagsOf(StoreOperation operation) => new()
    {
        { "coffer.store.scheme", scheme },
        { "coffer.operation", StoreTelemetry.NameOf(operation) },
        { "coffer.request.class", StoreTelemetry.ClassOf(operation) },
    };

    /// <summary>The kind of an error, one of few, as both traces and metrics name it.</summary>
    public static string ErrorOf(Exception e) => e switch
    {
        StoreException error => error.Kind.ToString(),
        OperationCanceledException => "Cancelled",
        _ => e.GetType().Name,
    };
}
