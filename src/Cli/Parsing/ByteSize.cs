using System.Buffers;
using System.Globalization;

namespace Coffer.Cli.Parsing;

/// <summary>Sizes as people write them: <c>10GiB</c>, <c>1.5 MB</c>, <c>4096</c>. KiB, MiB, ... are powers of 1,024, and kB, MB, ... powers of 1,000.</summary>
internal static class ByteSize
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly string[] Decimal = ["B", "kB", "MB", "GB", "TB", "PB"];
    private static readonly string[] Binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>The number of bytes that a text names.</summary>
    /// <exception cref="FormatException">The text names none; the message says how it is written.</exception>
    public static long Parse(string text)
    {
        var trimmed = text.AsSpan().Trim();
        var end = trimmed.IndexOfAnyExcept(Digits);
        var number = end < 0 ? trimmed : trimmed[..end];
        var unit = end < 0 ? "B" : trimmed[end..].Trim().ToString();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            throw Refused(text);
        var factor = Power(Binary, unit, 1_024) ?? Power(Decimal, unit, 1_000) ?? throw Refused(text, number, unit);
        try
        {
            var bytes = value * factor;
            return bytes == decimal.Truncate(bytes) ? (long)bytes : throw Refused(text);
        }
        catch (OverflowException)
        {
            throw Refused(text);
        }
    }

    /// <summary>A size for a person, with three digits or the exact number of bytes: <c>1.46 MiB</c>, <c>512 B</c>.</summary>
    public static string Format(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (value >= 999.5 && unit < Binary.Length - 1)
        {
            value /= 1_024;
            unit++;
        }
        var format = unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {Binary[unit]}";
    }

    private static decimal? Power(string[] units, string unit, int step)
    {
        var power = Array.FindIndex(units, known => known.Equals(unit, StringComparison.OrdinalIgnoreCase));
        if (power < 0)
            return null;
        decimal factor = 1;
        for (var i = 0; i < power; i++)
            factor *= step;
        return factor;
    }

    private static FormatException Refused(string text, ReadOnlySpan<char> number, string unit)
    {
        var power = unit.Length == 1 ? "kmgtp".IndexOf(char.ToLowerInvariant(unit[0]), StringComparison.Ordinal) + 1 : 0;
        return power == 0 ? Refused(text) : new FormatException($"'{text}' can mean two sizes. Write {number}{Binary[power]} (by 1,024) or {number}{Decimal[power]} (by 1,000).");
    }

    private static FormatException Refused(string text) => new($"'{text}' is no size. Write a whole number of bytes, or a number with a unit, such as 10GiB or 500MB.");
}
