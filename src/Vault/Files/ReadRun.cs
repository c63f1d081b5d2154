namespace Coffer.Vaults.Files;

/// <summary>Bodies that one request brings, or that are read each by itself.</summary>
/// <param name="Key">The object that holds them one behind the other; null when they are read each by itself.</param>
/// <param name="Bodies">The bodies; those of one object by their offsets, none of which begins before the one before it has ended.</param>
internal sealed record ReadRun(StoreKey? Key, IReadOnlyList<PlannedBody> Bodies)
{
    /// <summary>Where the request begins in the object.</summary>
    public long Start => Bodies[0].Offset;

    /// <summary>How many bytes it asks for.</summary>
    public long Length => Bodies[^1].End - Start;
}
