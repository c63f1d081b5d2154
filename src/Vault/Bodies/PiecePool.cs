using System.Buffers;
using System.Numerics;

namespace Coffer.Vaults.Bodies;

/// <summary>
/// The memory for pieces on their way, shared by everything that one vault writes and reads at a time: so much and no more. Who comes when it is all in use
/// waits, in order. A buffer is held only while its piece moves, never while a caller thinks, so nothing waits for ever.
/// </summary>
internal sealed class PiecePool
{
    /// <summary>How many full pieces are on their way at a time, unless said otherwise: 64 MiB.</summary>
    public const int DefaultPieces = 4;

    /// <summary>What is above needs a full buffer; a shared pool of arrays would round a full piece up to twice its size.</summary>
    private const int LargestShared = 8 << 20;

    /// <summary>Short pieces are many at a time, but not without end.</summary>
    private const int SmallestCounted = 1 << 16;

    private readonly AsyncGate _gate;
    private readonly Lock _lock = new();

    // Weakly held: a process that has nothing to move gives the memory back.
    private readonly Stack<WeakReference<byte[]>> _idle = new();

    /// <param name="pieces">How many full pieces may be on their way at a time, 1 or more.</param>
    public PiecePool(int pieces = DefaultPieces)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        Capacity = (long)pieces * PieceLayout.MaxSealedLength;
        _gate = new AsyncGate(Capacity);
    }

    /// <summary>The most bytes that are rented at a time.</summary>
    public long Capacity { get; }

    /// <summary>Rents a buffer, when there is room. Dispose it to give it back.</summary>
    /// <param name="length">How many bytes, up to <see cref="PieceLayout.MaxSealedLength"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<PieceBuffer> RentAsync(int length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, PieceLayout.MaxSealedLength);
        var isFull = length > LargestShared;
        var cost = isFull ? PieceLayout.MaxSealedLength : Math.Max(SmallestCounted, (int)BitOperations.RoundUpToPowerOf2((uint)length));
        await _gate.EnterAsync(cost, cancellationToken);
        return new PieceBuffer(this, isFull ? TakeFull() : ArrayPool<byte>.Shared.Rent(length), length, cost);
    }

    internal void Return(byte[] array, long cost)
    {
        if (array.Length == PieceLayout.MaxSealedLength)
        {
            lock (_lock)
                _idle.Push(new WeakReference<byte[]>(array));
        }
        else
        {
            ArrayPool<byte>.Shared.Return(array);
        }
        _gate.Leave(cost);
    }

    private byte[] TakeFull()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var idle))
            {
                if (idle.TryGetTarget(out var array))
                    return array;
            }
        }
        return GC.AllocateUninitializedArray<byte>(PieceLayout.MaxSealedLength);
    }
}
