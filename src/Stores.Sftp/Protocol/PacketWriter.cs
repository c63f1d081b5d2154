using System.Buffers.Binary;
using System.Text;

namespace Coffer.Stores.Sftp;

/// <summary>A request that is being written, from its length to its last field.</summary>
internal sealed class PacketWriter
{
    private byte[] _buffer = new byte[256];
    private int _length = sizeof(uint);

    public PacketWriter(PacketType type, uint id)
    {
        Type = type;
        Id = id;
        _buffer[_length++] = (byte)type;
        UInt32(id);
    }

    public PacketType Type { get; }

    public uint Id { get; }

    public PacketWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Extend(sizeof(uint)), value);
        return this;
    }

    public PacketWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Extend(sizeof(ulong)), value);
        return this;
    }

    public PacketWriter Bytes(ReadOnlySpan<byte> value)
    {
        UInt32((uint)value.Length);
        value.CopyTo(Extend(value.Length));
        return this;
    }

    public PacketWriter Text(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        UInt32((uint)count);
        Encoding.UTF8.GetBytes(value, Extend(count));
        return this;
    }

    /// <summary>The whole packet.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer, (uint)(_length - sizeof(uint)));
        return _buffer.AsMemory(0, _length);
    }

    private Span<byte> Extend(int count)
    {
        if (_length + count > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }
}
