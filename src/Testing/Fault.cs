namespace Coffer.Testing;

/// <summary>When a fault strikes.</summary>
public enum FaultMoment
{
    /// <summary>Before the store is asked: nothing has happened.</summary>
    Before,

    /// <summary>
    /// In the middle: the content of a read or the entries of a listing break off, the body of a put is read so far and then nothing is stored.
    /// Other operations fail before.
    /// </summary>
    During,

    /// <summary>After the store did it: the answer is lost. A conditional put is then <see cref="StoreErrorKind.OutcomeUnknown"/>, whatever the kind says.</summary>
    After,

    /// <summary>Never: only the latency is felt.</summary>
    Never,
}

/// <summary>A fault that a <see cref="FaultyStore"/> injects.</summary>
public sealed record Fault
{
    /// <summary>The operation that it strikes; null for every one.</summary>
    public StoreOperation? Operation { get; init; }

    /// <summary>Which keys it strikes (of a listing: which prefixes; of a batch: any of its keys); null for all.</summary>
    public Func<string, bool>? Key { get; init; }

    /// <summary>Which of the matching operations is the first that it strikes, counted from 1 when the fault was injected.</summary>
    public int First { get; init; } = 1;

    /// <summary>How many matching operations it strikes from there on.</summary>
    public int Times { get; init; } = 1;

    /// <summary>When it strikes.</summary>
    public FaultMoment Moment { get; init; }

    /// <summary>The error that it gives.</summary>
    public StoreErrorKind Kind { get; init; } = StoreErrorKind.Unavailable;

    /// <summary>For <see cref="FaultMoment.During"/>: after how many bytes, or entries of a listing.</summary>
    public long Progress { get; init; }

    /// <summary>How long the operation takes in addition, by the store's <see cref="TimeProvider"/>.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>An operation fails, and nothing has happened.</summary>
    public static Fault Before(StoreOperation operation, StoreErrorKind kind = StoreErrorKind.Unavailable) =>
        new() { Operation = operation, Kind = kind };

    /// <summary>An operation is done, and its answer is lost.</summary>
    public static Fault After(StoreOperation operation, StoreErrorKind kind = StoreErrorKind.Unavailable) =>
        new() { Operation = operation, Moment = FaultMoment.After, Kind = kind };

    /// <summary>A read, a put or a listing breaks off after so many bytes or entries.</summary>
    public static Fault Torn(StoreOperation operation, long after) =>
        new() { Operation = operation, Moment = FaultMoment.During, Progress = after };

    /// <summary>Operations take so much longer.</summary>
    public static Fault Slow(TimeSpan latency, StoreOperation? operation = null) =>
        new() { Operation = operation, Moment = FaultMoment.Never, Latency = latency, Times = int.MaxValue };
}
