namespace Coffer.Testing;

/// <summary>How many requests were made of a store, by operation, failed ones included.</summary>
/// <param name="Stat">Stats (HEAD).</param>
/// <param name="Read">Reads (GET), of whole objects or ranges.</param>
/// <param name="Put">Puts (PUT), conditional ones included.</param>
/// <param name="Delete">Deletes; a batch counts one for each 1,000 keys.</param>
/// <param name="List">Pages of listings: one for each 1,000 entries that were begun.</param>
/// <param name="BytesRead">Bytes of content that were received.</param>
/// <param name="BytesPut">Bytes of bodies that were sent.</param>
public readonly record struct RequestCounts(long Stat, long Read, long Put, long Delete, long List, long BytesRead, long BytesPut)
{
    /// <summary>All requests.</summary>
    public long Total => Stat + Read + Put + Delete + List;

    /// <summary>What was added since an earlier count.</summary>
    public RequestCounts Since(RequestCounts earlier) => new(
        Stat - earlier.Stat, Read - earlier.Read, Put - earlier.Put, Delete - earlier.Delete, List - earlier.List,
        BytesRead - earlier.BytesRead, BytesPut - earlier.BytesPut);
}
