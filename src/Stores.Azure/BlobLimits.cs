namespace Coffer.Stores.Azure;

/// <summary>Limits of the service ("Scalability and performance targets for Blob storage").</summary>
internal static class BlobLimits
{
    /// <summary>How many blocks a blob has at most.</summary>
    public const int MostBlocks = 50_000;

    /// <summary>The largest body of one put, in bytes.</summary>
    public const long OnePut = 5000L << 20;
}
