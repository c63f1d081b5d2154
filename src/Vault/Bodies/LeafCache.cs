namespace Coffer.Vaults.Bodies;

/// <summary>
/// The verified leaves of pieces of one body that were read in part, so that the next range need not fetch them again. They are 1/2,048 of a short body,
/// 8 KiB for a piece, and 1/32,768 of a long one.
/// </summary>
internal sealed class LeafCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, byte[]> _leaves = [];

    /// <summary>The leaves of a piece; null when they are not known.</summary>
    public byte[]? Find(int pieceIndex)
    {
        lock (_lock)
            return _leaves.GetValueOrDefault(pieceIndex);
    }

    /// <summary>Keeps the leaves of a piece, which were verified and do not change any more.</summary>
    public void Keep(int pieceIndex, byte[] leaves)
    {
        lock (_lock)
            _leaves[pieceIndex] = leaves;
    }
}
