namespace Coffer.Simulation;

/// <summary>Numbers as docs/format.md, section 1, lays them out.</summary>
internal static class Wire
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private const int NameLength = 13;

    /// <summary>Reads a varint, and goes on behind it.</summary>
    public static ulong VarInt(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var group = bytes[at++];
            value |= (ulong)(group & 0x7f) << shift;
            if (group < 0x80)
                return value;
        }
    }

    /// <summary>A number as it stands in names.</summary>
    public static string Name(ulong number)
    {
        var digits = new char[NameLength];
        for (var i = digits.Length - 1; i >= 0; i--, number >>= 5)
            digits[i] = Digits[(int)(number & 31)];
        return new string(digits);
    }

    /// <summary>The number that stands in a name.</summary>
    public static ulong Number(string name) => name.Aggregate(0UL, static (number, digit) => (number << 5) | (uint)Digits.IndexOf(digit, StringComparison.Ordinal));

    /// <summary>A hash as it stands in names.</summary>
    public static string Name(ReadOnlySpan<byte> hash)
    {
        var value = new System.Numerics.BigInteger(hash, isUnsigned: true, isBigEndian: true);
        var digits = new char[52];
        for (var i = digits.Length - 1; i >= 0; i--, value >>= 5)
            digits[i] = Digits[(int)(value & 31)];
        return new string(digits);
    }
}
