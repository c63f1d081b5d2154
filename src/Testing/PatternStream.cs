namespace Coffer.Testing;

/// <summary>A stream of <see cref="Pattern"/> bytes. It tells where it is being read, so that a test can look, fail or cancel there.</summary>
/// <param name="seed">The pattern's seed.</param>
/// <param name="length">How many bytes there are.</param>
/// <param name="seekable">Whether the stream can seek and tells its length.</param>
/// <param name="reading">Called before each read with the position that it is at.</param>
/// <param name="most">The most bytes that one read gives.</param>
public sealed class PatternStream(ulong seed, long length, bool seekable = false, Action<long>? reading = null, int most = int.MaxValue) : ReadOnlyStream
{
    private long _position;

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public override bool CanSeek => seekable;

    /// <inheritdoc/>
    public override long Length => seekable ? length : throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => seekable ? _position : throw new NotSupportedException();
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        if (!seekable)
            throw new NotSupportedException();
        var target = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => length };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return _position = target;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        reading?.Invoke(_position);
        var count = (int)Math.Min(Math.Min(buffer.Length, most), Math.Max(0, length - _position));
        Pattern.Fill(seed, _position, buffer[..count]);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
