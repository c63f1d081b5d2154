using System.Buffers.Binary;

namespace Coffer.Vaults.Encoding;

/// <summary>
/// Reads the fields of the format (docs/format.md, section 1) and refuses every other form of them. It copies nothing and never allocates more than the
/// input itself allows; whatever does not fit is a <see cref="WireException"/> and nothing else.
/// </summary>
internal ref struct WireReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    public WireReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How many bytes were read.</summary>
    public readonly int Position => _position;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    public byte U8() => Raw(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Raw(2));

    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Raw(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64BigEndian(Raw(8));

    /// <summary>An unsigned number in its shortest form.</summary>
    public long VarInt()
    {
        var start = _position;
        var value = 0L;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var group = U8();
            value |= (long)(group & 0x7F) << shift;
            if (group > 0x7F)
                continue;
            if (group == 0 && shift > 0)
                throw new WireException($"the number at byte {start} is not in its shortest form");
            return value;
        }
        throw new WireException($"the number at byte {start} is larger than 2^63 - 1");
    }

    /// <summary>A signed number, from -2^62 to 2^62 - 1.</summary>
    public long SVarInt()
    {
        var zigzag = VarInt();
        return (zigzag >> 1) ^ -(zigzag & 1);
    }

    /// <summary>The next <paramref name="count"/> bytes as they are.</summary>
    public ReadOnlySpan<byte> Raw(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > Remaining)
            throw new WireException($"the bytes end too early: {count} wanted at byte {_position}, {Remaining} left");
        var bytes = _bytes.Slice(_position, count);
        _position += count;
        return bytes;
    }

    /// <summary>A length and that many bytes, at most <paramref name="max"/>.</summary>
    public ReadOnlySpan<byte> Bytes(int max)
    {
        var start = _position;
        var length = VarInt();
        if (length > max)
            throw new WireException($"the field at byte {start} is {length} bytes long; at most {max} are allowed");
        return Raw((int)length);
    }

    /// <summary>A text of at most <paramref name="maxBytes"/> bytes of UTF-8.</summary>
    public string Text(int maxBytes)
    {
        var start = _position;
        return StrictUtf8.TryGetString(Bytes(maxBytes), out var text)
            ? text
            : throw new WireException($"the text at byte {start} is not valid UTF-8");
    }

    /// <summary>Whether an option follows.</summary>
    public bool Flag() => U8() switch
    {
        0 => false,
        1 => true,
        var other => throw new WireException($"the byte at {_position - 1} says whether something follows; it is {other}, not 0 or 1"),
    };

    /// <summary>
    /// The number of things in a list, checked against <paramref name="max"/> and against the bytes that are left, so that it is safe to allocate room for
    /// that many.
    /// </summary>
    /// <param name="leastBytesPerItem">The size of the smallest thing, 1 or more.</param>
    /// <param name="max">The most things that are allowed.</param>
    public int Count(int leastBytesPerItem, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leastBytesPerItem, 1);
        var start = _position;
        var count = VarInt();
        if (count > max)
            throw new WireException($"the list at byte {start} has {count} entries; at most {max} are allowed");
        if (count > Remaining / leastBytesPerItem)
            throw new WireException($"the list at byte {start} has {count} entries, which the {Remaining} bytes that are left cannot hold");
        return (int)count;
    }

    /// <summary>Nothing may follow.</summary>
    public readonly void End()
    {
        if (Remaining > 0)
            throw new WireException($"{Remaining} bytes follow where nothing may follow, at byte {_position}");
    }
}
