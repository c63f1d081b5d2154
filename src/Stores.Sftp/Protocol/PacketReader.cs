using System.Buffers.Binary;
using System.Text;

namespace Coffer.Stores.Sftp;

/// <summary>Reads the fields of a packet (section 3, and RFC 4251, section 5). Whatever the bytes are, it reads them or throws <see cref="MalformedPacketException"/>.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong)));

    /// <summary>A number that a file's size or offset can be.</summary>
    public long Int64() => UInt64() is var value && value <= long.MaxValue ? (long)value : throw new MalformedPacketException($"it names a size of {value} bytes");

    public ReadOnlySpan<byte> Bytes() => UInt32() is var length && length <= (uint)_rest.Length ? Take((int)length) : throw CutOff();

    /// <summary>A text for people or for the protocol; what is no UTF-8 in it is replaced.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw CutOff();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static MalformedPacketException CutOff() => new("it ends in the middle of a field");
}
