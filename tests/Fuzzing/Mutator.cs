using System.Buffers.Binary;

namespace Coffer.Fuzzing;

/// <summary>Makes new inputs of old ones: bits and bytes, numbers of the kind that parsers trip over, parts that move, double, go, or come from another input. All from one seed.</summary>
internal sealed class Mutator(ulong seed)
{
    private const int MostBytes = 64 << 10;

    private static readonly long[] Numbers =
        [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 1000, 4095, 4096, 32767, 32768, 65535, 65536, 1 << 20, (1 << 24) - 1, 1 << 24, int.MaxValue - 1, int.MaxValue, uint.MaxValue, 1L << 48, long.MaxValue - 1, long.MaxValue, -1, long.MinValue];

    private ulong _state = seed | 1;

    /// <summary>A number from 0 to below a limit.</summary>
    public int Below(int limit) => (int)((Next() >> 33) % (ulong)limit);

    /// <summary>Another input.</summary>
    /// <param name="input">What to begin with.</param>
    /// <param name="other">Where parts may come from.</param>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (var changes = 1 << Below(5); changes > 0; changes--)
            Change(bytes, other);
        if (bytes.Count > MostBytes)
            bytes.RemoveRange(MostBytes, bytes.Count - MostBytes);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)Below(256));
            return;
        }
        var at = Below(bytes.Count);
        switch (Below(12))
        {
            case 0:
                bytes[at] ^= (byte)(1 << Below(8));
                break;
            case 1:
                bytes[at] = (byte)Below(256);
                break;
            case 2:
                bytes[at] += (byte)(Below(2) == 0 ? 1 + Below(16) : -1 - Below(16));
                break;
            case 3:
                WriteNumber(bytes, at);
                break;
            case 4:
                bytes.RemoveRange(at, Length(bytes.Count - at));
                break;
            case 5:
                bytes.InsertRange(Below(bytes.Count + 1), bytes.GetRange(at, Length(bytes.Count - at)));
                break;
            case 6:
                bytes.InsertRange(at, Enumerable.Repeat((byte)Below(256), 1 + Below(64)));
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                // The same number in a longer form, if it is one.
                bytes[at] |= 0x80;
                bytes.Insert(at + 1, 0);
                break;
            case 9 when other.Length > 0:
                var from = Below(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Length(other.Length - from)).ToArray());
                break;
            case 10 when other.Length > 0:
                var copied = other.AsSpan(Below(other.Length)).ToArray();
                for (var i = 0; i < Math.Min(Length(copied.Length), bytes.Count - at); i++)
                    bytes[at + i] = copied[i];
                break;
            default:
                WriteVarInt(bytes, at);
                break;
        }
    }

    /// <summary>Mostly a few bytes, now and then many.</summary>
    private int Length(int most) => 1 + Below(Math.Min(most, Below(4) == 0 ? most : 32));

    private void WriteNumber(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, Numbers[Below(Numbers.Length)]);
        var width = 1 << Below(4);
        foreach (var digit in number[^width..])
        {
            if (at < bytes.Count)
                bytes[at++] = digit;
        }
    }

    /// <summary>Puts a number of the format in the place of the one that may stand there.</summary>
    private void WriteVarInt(List<byte> bytes, int at)
    {
        var end = at;
        while (end < bytes.Count - 1 && bytes[end] > 0x7F)
            end++;
        bytes.RemoveRange(at, end - at + 1);
        var digits = new List<byte>();
        var number = (ulong)Numbers[Below(Numbers.Length)];
        for (; number > 0x7F; number >>= 7)
            digits.Add((byte)(number | 0x80));
        digits.Add((byte)number);
        bytes.InsertRange(at, digits);
    }

    /// <summary>xorshift64*: good enough to choose with, and the same everywhere.</summary>
    private ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }
}
