using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Bodies;

/// <summary>
/// The verified leaves of pieces that were read in part, so that the next range need not fetch them again: 8 KiB for a piece of a short body, 512 bytes for one of a long body. They are found by the root of their piece, which is a
/// hash of them, so one cache serves all bodies. What was kept first goes first.
/// </summary>
/// <param name="capacity">How many bytes of leaves are kept at most.</param>
internal sealed class LeafCache(int capacity = LeafCache.DefaultCapacity)
{
    private const int DefaultCapacity = 4 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, byte[]> _leaves = [];
    private readonly Queue<Digest> _order = new();
    private int _size;

    /// <summary>The leaves of a piece; null when they are not known.</summary>
    /// <param name="root">The piece's root.</param>
    public byte[]? Find(Digest root)
    {
        lock (_lock)
            return _leaves.GetValueOrDefault(root);
    }

    /// <summary>Keeps the leaves of a piece, which were verified and do not change any more.</summary>
    public void Keep(Digest root, byte[] leaves)
    {
        lock (_lock)
        {
            if (leaves.Length > capacity || !_leaves.TryAdd(root, leaves))
                return;
            _order.Enqueue(root);
            _size += leaves.Length;
            while (_size > capacity && _leaves.Remove(_order.Dequeue(), out var oldest))
                _size -= oldest.Length;
        }
    }
}
