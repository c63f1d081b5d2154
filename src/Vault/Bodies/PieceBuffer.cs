namespace Coffer.Vaults.Bodies;

/// <summary>A rented buffer for one piece. Its owner disposes it once, when nobody uses its memory any more.</summary>
internal sealed class PieceBuffer(PiecePool pool, byte[] array, int length, long cost) : IDisposable
{
    private byte[]? _array = array;

    /// <summary>As many bytes as were asked for. What is in them is left over from others.</summary>
    public Memory<byte> Memory => new(_array ?? throw new ObjectDisposedException(nameof(PieceBuffer)), 0, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } rented)
            pool.Return(rented, cost);
    }
}
