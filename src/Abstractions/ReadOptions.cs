namespace Coffer;

/// <summary>How to read an object.</summary>
public sealed record ReadOptions
{
    /// <summary>The whole object.</summary>
    public static ReadOptions Default { get; } = new();

    /// <summary>The part to read; null for all of it.</summary>
    public ByteRange? Range { get; init; }

    /// <summary>
    /// Read only when the object's version is another than this one; else the read fails with <see cref="StoreErrorKind.ConditionFailed"/>.
    /// </summary>
    public ObjectVersion? IfNoneMatch { get; init; }
}
