namespace Coffer.Vaults.Encoding;

/// <summary>
/// Numbers as digits of base32hex (RFC 4648, section 7) in lower case, with zero bits in front to fill the width, so that names sort as their numbers.
/// </summary>
internal static class Base32Hex
{
    /// <summary>The digits of a 64-bit number.</summary>
    public const int Digits64 = 13;

    /// <summary>The digits of a 128-bit number.</summary>
    public const int Digits128 = 26;

    /// <summary>The digits of a 256-bit hash.</summary>
    public const int Digits256 = 52;

    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";

    /// <summary>13 digits.</summary>
    public static string Format(ulong value) => string.Create(Digits64, (UInt128)value, Fill);

    /// <summary>26 digits.</summary>
    public static string Format(UInt128 value) => string.Create(Digits128, value, Fill);

    /// <summary>52 digits.</summary>
    public static string Format(Digest hash) => string.Create(Digits256, hash, static (digits, value) =>
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        value.CopyTo(bytes);
        var bits = 0;
        var held = 0;
        var next = digits.Length;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            bits |= bytes[i] << held;
            for (held += 8; held >= 5; held -= 5, bits >>= 5)
                digits[--next] = Alphabet[bits & 31];
        }
        digits[0] = Alphabet[bits];
    });

    /// <summary>The first <paramref name="digits"/> * 5 bits of <paramref name="bytes"/>, most significant first; at most 25 digits.</summary>
    public static string FormatLeading(ReadOnlySpan<byte> bytes, int digits)
    {
        var first = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return string.Create(digits, first >> (128 - (digits * 5)), Fill);
    }

    /// <summary>The number of exactly 13 digits; false for anything that <see cref="Format(ulong)"/> does not give.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value)
    {
        var valid = TryParse(text, Digits64, firstDigits: 16, out var wide);
        value = (ulong)wide;
        return valid;
    }

    /// <summary>The number of exactly 26 digits; false for anything that <see cref="Format(UInt128)"/> does not give.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 value) => TryParse(text, Digits128, firstDigits: 8, out value);

    /// <summary>The hash of exactly 52 digits; false for anything that <see cref="Format(Digest)"/> does not give.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Digest hash)
    {
        hash = default;
        if (text.Length != Digits256 || Digit(text[0]) is < 0 or > 1)
            return false;
        Span<byte> bytes = stackalloc byte[Digest.Size];
        var bits = Digit(text[0]);
        var held = 1;
        var next = 0;
        foreach (var c in text[1..])
        {
            var digit = Digit(c);
            if (digit < 0)
                return false;
            bits = (bits << 5) | digit;
            held += 5;
            if (held < 8)
                continue;
            held -= 8;
            bytes[next++] = (byte)(bits >> held);
            bits &= (1 << held) - 1;
        }
        hash = new Digest(bytes);
        return true;
    }

    /// <param name="text">The digits.</param>
    /// <param name="digits">How many they must be.</param>
    /// <param name="firstDigits">How many values the first digit can have: the bits that fill the width are zero.</param>
    /// <param name="value">The number.</param>
    private static bool TryParse(ReadOnlySpan<char> text, int digits, int firstDigits, out UInt128 value)
    {
        value = 0;
        if (text.Length != digits || Digit(text[0]) >= firstDigits)
            return false;
        var parsed = UInt128.Zero;
        foreach (var c in text)
        {
            var digit = Digit(c);
            if (digit < 0)
                return false;
            parsed = (parsed << 5) | (UInt128)(uint)digit;
        }
        value = parsed;
        return true;
    }

    private static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'v' => c - 'a' + 10,
        _ => -1,
    };

    private static void Fill(Span<char> digits, UInt128 value)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    }
}
