namespace Coffer.Vaults.Bodies;

/// <summary>Adds up bytes that are done in any order, and reports the sum.</summary>
internal sealed class ByteCount(IProgress<long>? progress)
{
    private readonly Lock _lock = new();
    private long _sum;

    /// <summary>Adds to the sum. The report is made in the lock, so that it never goes back.</summary>
    public void Add(long bytes)
    {
        lock (_lock)
        {
            _sum += bytes;
            progress?.Report(_sum);
        }
    }
}
