namespace Coffer.Stores;

/// <summary>What a <see cref="TelemetryStore"/> has counted up to one moment. Take two, and <see cref="Since"/> tells what happened in between.</summary>
public sealed record StoreRequestCounters
{
    /// <summary>Stats: <c>HEAD</c> of HTTP.</summary>
    public StoreOperationCounters Stat { get; init; }

    /// <summary>Reads: <c>GET</c> of HTTP. The bytes are those of contents as far as they were read, counted when the reader is disposed.</summary>
    public StoreOperationCounters Read { get; init; }

    /// <summary>Puts. The bytes are those of bodies that were stored.</summary>
    public StoreOperationCounters Put { get; init; }

    /// <summary>Deletes; a batch counts as one for each 1,000 keys.</summary>
    public StoreOperationCounters Delete { get; init; }

    /// <summary>Listings, one for each page of entries: as many as were asked for at a time, else 1,000.</summary>
    public StoreOperationCounters List { get; init; }

    /// <summary>All requests.</summary>
    public long Requests => Stat.Requests + Read.Requests + Put.Requests + Delete.Requests + List.Requests;

    /// <summary>All requests that failed.</summary>
    public long Failures => Stat.Failures + Read.Failures + Put.Failures + Delete.Failures + List.Failures;

    /// <summary>The requests of one price.</summary>
    public long RequestsOf(StoreRequestClass price) => price switch
    {
        StoreRequestClass.Write => Put.Requests + List.Requests,
        StoreRequestClass.Read => Stat.Requests + Read.Requests,
        StoreRequestClass.Free => Delete.Requests,
        _ => throw new ArgumentOutOfRangeException(nameof(price), price, "There is no such class of requests."),
    };

    /// <summary>What was counted after an earlier moment.</summary>
    public StoreRequestCounters Since(StoreRequestCounters earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return new StoreRequestCounters
        {
            Stat = Stat.Since(earlier.Stat),
            Read = Read.Since(earlier.Read),
            Put = Put.Since(earlier.Put),
            Delete = Delete.Since(earlier.Delete),
            List = List.Since(earlier.List),
        };
    }
}

/// <summary>What was counted of one operation.</summary>
/// <param name="Requests">Requests that were sent, whether they succeeded or not.</param>
/// <param name="Failures">Those that ended by an error or were cancelled. A missing object of a read is one; of a stat it is an answer.</param>
/// <param name="Bytes">Bytes of content.</param>
public readonly record struct StoreOperationCounters(long Requests, long Failures, long Bytes)
{
    /// <summary>What was counted after an earlier moment.</summary>
    public StoreOperationCounters Since(StoreOperationCounters earlier) =>
        new(Requests - earlier.Requests, Failures - earlier.Failures, Bytes - earlier.Bytes);
}

/// <summary>The prices of requests, as the large clouds have them.</summary>
public enum StoreRequestClass
{
    /// <summary>Puts and listings: about ten times the price of a read (class A).</summary>
    Write,

    /// <summary>Reads and stats (class B).</summary>
    Read,

    /// <summary>Deletes, which cost nothing.</summary>
    Free,
}
