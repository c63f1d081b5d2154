using System.Buffers.Binary;
using System.Text;

namespace Coffer.Stores.Sftp;

/// <summary>Cuts what a server sends into packets. Large contents go from the stream into the buffer that waits for them, without a copy.</summary>
internal sealed class PacketSource(Stream stream)
{
    /// <summary>No answer to a request of ours is longer: OpenSSH itself sends 256 KiB at most.</summary>
    public const int MaxLength = 1 << 20;

    private readonly byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    /// <summary>The length of the next packet; null when the stream ended before it.</summary>
    /// <exception cref="MalformedPacketException">What comes is no packet.</exception>
    /// <exception cref="EndOfStreamException">The stream ended in the middle of it.</exception>
    public async ValueTask<int?> NextAsync(CancellationToken cancellationToken)
    {
        while (_end - _start < sizeof(uint))
        {
            if (!await FillAsync(cancellationToken))
                return _end == _start ? null : throw CutOff();
        }
        var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start));
        if (length is < 5 or > MaxLength)
            throw new MalformedPacketException($"its length would be {length} bytes");
        _start += sizeof(uint);
        return (int)length;
    }

    /// <summary>Reads the next bytes of the packet until the buffer is full.</summary>
    public async ValueTask ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            if (_start == _end)
            {
                if (destination.Length >= _buffer.Length)
                {
                    var count = await stream.ReadAsync(destination, cancellationToken);
                    destination = count > 0 ? destination[count..] : throw CutOff();
                    continue;
                }
                if (!await FillAsync(cancellationToken))
                    throw CutOff();
            }
            var taken = Math.Min(destination.Length, _end - _start);
            _buffer.AsMemory(_start, taken).CopyTo(destination);
            _start += taken;
            destination = destination[taken..];
        }
    }

    /// <summary>What has come and was not read, as a text, when it is one; for telling what a login script printed.</summary>
    public async ValueTask<string?> PrintedTextAsync(CancellationToken cancellationToken)
    {
        const int Enough = 200;
        while (_end - _start < Enough && await FillAsync(cancellationToken))
        {
            // The rest of the line may still be on its way.
            if (_buffer.AsSpan(_start, _end - _start).Contains((byte)'\n'))
                break;
        }
        var text = Encoding.UTF8.GetString(_buffer.AsSpan(_start, Math.Min(Enough, _end - _start))).Trim();
        return text.Length > 0 && text.All(static c => !char.IsControl(c) || c is '\r' or '\n' or '\t' or '\e') ? OneLine.Of(text) : null;
    }

    private static EndOfStreamException CutOff() => new("the connection ended in the middle of an answer");

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
            _start = _end = 0;
        else if (_end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }
}
