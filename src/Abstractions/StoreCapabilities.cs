namespace Coffer;

/// <summary>What holds for a store. Asking for what it lacks fails with <see cref="StoreErrorKind.Unsupported"/> before any I/O.</summary>
public sealed record StoreCapabilities
{
    /// <summary>It honours <see cref="PutCondition.IfAbsent"/>, atomically.</summary>
    public bool IfAbsent { get; init; }

    /// <summary>It honours <see cref="PutCondition.IfMatch"/>, atomically.</summary>
    public bool IfMatch { get; init; }

    /// <summary>It honours <see cref="ReadOptions.IfNoneMatch"/>.</summary>
    public bool IfNoneMatch { get; init; }

    /// <summary>Two different contents never have one version. Where this is false, nothing may rest on an equal version.</summary>
    public bool StrongVersions { get; init; }

    /// <summary><see cref="ListOptions.StartAfter"/> costs about as much as what it gives, not as much as what it skips.</summary>
    public bool CheapStartAfter { get; init; }

    /// <summary>Results carry <see cref="ObjectInfo.StoreTime"/>.</summary>
    public bool StoreTime { get; init; }

    /// <summary>The largest object, in bytes; null when no limit is known.</summary>
    public long? MaxSize { get; init; }

    /// <summary>The largest body of a conditional put, which must be one request, in bytes; null when there is no such limit.</summary>
    public long? MaxConditionalSize { get; init; }
}
