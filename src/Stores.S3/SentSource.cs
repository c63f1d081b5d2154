namespace Coffer.Stores.S3;

/// <summary>
/// A source of known length as one request sends it. The last bytes are given only when the source has ended after them: so a body that is longer than it was
/// announced is never complete at the server. Remembers what its source failed by, for the SDK wraps it.
/// </summary>
internal sealed class SentSource(Stream source, long length) : ReadOnlyStream
{
    private long _read;

    /// <summary>What the source failed by; null when it did not.</summary>
    public Exception? Fault { get; private set; }

    public override long Length => length;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var room = (int)Math.Min(buffer.Length, length - _read);
            var count = room == 0 ? 0 : await source.ReadAsync(buffer[..room], cancellationToken);
            _read += count;
            // The body's own stream fails here when the source has more than was announced, and above when it has less.
            if (count > 0 && _read == length)
                _ = await source.ReadFullyAsync(new byte[1], cancellationToken);
            return count;
        }
        catch (Exception e)
        {
            Fault = e;
            throw;
        }
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Requests are sent asynchronously.");
}
