using System.Buffers.Binary;

namespace Coffer.Vaults.Encoding;

/// <summary>Writes the fields of the format (docs/format.md, section 1) one behind the other.</summary>
internal sealed class WireWriter
{
    private byte[] _buffer;
    private int _length;

    /// <param name="capacity">How many bytes are expected; more are taken when needed.</param>
    public WireWriter(int capacity = 256) => _buffer = new byte[Math.Max(capacity, 16)];

    /// <summary>How many bytes were written.</summary>
    public int Length => _length;

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public WireWriter U8(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    public WireWriter U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);
        return this;
    }

    public WireWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);
        return this;
    }

    public WireWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);
        return this;
    }

    /// <summary>An unsigned number in 1 to 9 bytes.</summary>
    public WireWriter VarInt(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Span<byte> groups = stackalloc byte[9];
        var count = 0;
        while (value > 0x7F)
        {
            groups[count++] = (byte)(value | 0x80);
            value >>= 7;
        }
        groups[count++] = (byte)value;
        return Raw(groups[..count]);
    }

    /// <summary>A signed number, from -2^62 to 2^62 - 1, so that its zigzag form is a <see cref="VarInt"/>.</summary>
    public WireWriter SVarInt(long value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -(1L << 62));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, (1L << 62) - 1);
        return VarInt((value << 1) ^ (value >> 63));
    }

    /// <summary>The bytes as they are, without a length.</summary>
    public WireWriter Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        return this;
    }

    /// <summary>A length and that many bytes.</summary>
    public WireWriter Bytes(ReadOnlySpan<byte> bytes) => VarInt(bytes.Length).Raw(bytes);

    /// <summary>A length in bytes and the text's UTF-8.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate and so no UTF-8 form.</exception>
    public WireWriter Text(string text)
    {
        var count = StrictUtf8.Count(text);
        VarInt(count);
        StrictUtf8.GetBytes(text, Take(count));
        return this;
    }

    /// <summary>The byte that says whether an option follows.</summary>
    public WireWriter Flag(bool present) => U8(present ? (byte)1 : (byte)0);

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => Written.ToArray();

    private Span<byte> Take(int count)
    {
        if (count > _buffer.Length - _length)
            Array.Resize(ref _buffer, checked((int)Math.Min(Array.MaxLength, Math.Max(2L * _buffer.Length, (long)_length + count))));
        var place = _buffer.AsSpan(_length, count);
        _length += count;
        return place;
    }
}
