namespace Coffer.Stores.Azure;

/// <summary>
/// The body of one request. The SDK sends a body in one request only when it can seek, which means to it that the length is known and that it stands at its
/// beginning; nothing more is possible here. The last bytes go out once the source was seen to end with them: a body that is too long must not leave a whole object.
/// </summary>
/// <param name="source">The bytes. They stay the caller's to dispose.</param>
/// <param name="length">How many there are.</param>
/// <param name="progress">Told how many bytes went out, whenever the transport comes for more.</param>
internal sealed class RequestBody(Stream source, long length, IProgress<long>? progress = null) : ReadOnlyStream
{
    private readonly byte[] _beyond = new byte[1];
    private long _position;

    /// <summary>Whether every byte was given away, so that the request may have had its effect.</summary>
    public bool IsSent { get; private set; }

    /// <summary>What the source failed with, if it did: that is the cause, whatever the transport makes of it.</summary>
    public Exception? SourceFault { get; private set; }

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Reads to the end of an empty source, which no request would do.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (length == 0)
            await ReadFromSourceAsync(_beyond, cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position > 0)
            progress?.Report(_position);
        if (_position == length || buffer.IsEmpty)
        {
            IsSent = _position == length;
            return 0;
        }
        var count = await ReadFromSourceAsync(buffer[..(int)Math.Min(buffer.Length, length - _position)], cancellationToken);
        if (_position + count == length)
            await ReadFromSourceAsync(_beyond, cancellationToken);
        _position += count;
        IsSent = _position == length;
        return count;
    }

    /// <summary>The source itself fails when it has fewer or more bytes than were announced.</summary>
    private async ValueTask<int> ReadFromSourceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            SourceFault = e;
            throw;
        }
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        return target == _position ? target : throw new NotSupportedException("The body of a request is sent once, from its beginning to its end.");
    }
}
