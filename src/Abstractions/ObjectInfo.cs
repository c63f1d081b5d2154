namespace Coffer;

/// <summary>What a store says of one object, or of a common prefix in a shallow listing.</summary>
/// <param name="Key">The object's key; for a common prefix, the prefix without its trailing <c>/</c>.</param>
/// <param name="Size">The object's size in bytes; 0 for a common prefix.</param>
public sealed record ObjectInfo(StoreKey Key, long Size)
{
    /// <summary>The version of these bytes, where the store has versions; how far it can be trusted, <see cref="StoreCapabilities.StrongVersions"/> says.</summary>
    public ObjectVersion? Version { get; init; }

    /// <summary>When the store says that the object was written, by the store's clock; null where it does not tell.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>
    /// The store's own time when it answered, where the protocol tells it (the <c>Date</c> of HTTP, the clock of the file system), else null.
    /// Differences between two such times are ages that no local clock has touched.
    /// </summary>
    public DateTimeOffset? StoreTime { get; init; }

    /// <summary>Whether this stands for all keys below <see cref="Key"/> and a <c>/</c>, in a shallow listing.</summary>
    public bool IsPrefix { get; init; }

    /// <summary>The name by which a listing orders this entry, and after which it can be continued: the key, with a trailing <c>/</c> for a common prefix.</summary>
    public string Name => IsPrefix ? Key.Value + "/" : Key.Value;
}
