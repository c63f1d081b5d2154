using System.Globalization;

namespace Coffer.Cli.Parsing;

/// <summary>Lengths of time as people write them: <c>30d</c>, <c>12h</c>, <c>1d12h</c>. The units are w, d, h, m (minutes) and s.</summary>
internal static class Duration
{
    /// <summary>The length that a text names, always above zero.</summary>
    /// <exception cref="FormatException">The text names none; the message says how it is written.</exception>
    public static TimeSpan Parse(string text)
    {
        var rest = text.AsSpan().Trim();
        var seconds = 0L;
        var smallest = long.MaxValue;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw Refused(text);
            var unit = SecondsOf(rest[digits]);
            // Each unit once and from large to small, so that a text has one meaning and a slip is noticed.
            if (unit == 0 || unit >= smallest || number > (long)TimeSpan.MaxValue.TotalSeconds / unit)
                throw Refused(text);
            seconds += number * unit;
            smallest = unit;
            rest = rest[(digits + 1)..];
        }
        return seconds > 0 && seconds <= (long)TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw Refused(text);
    }

    /// <summary>A length for a person, in the form that <see cref="Parse"/> reads; below a second in milliseconds.</summary>
    public static string Format(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(1))
            return $"{(long)time.TotalMilliseconds}ms";
        var seconds = (long)time.TotalSeconds;
        var text = "";
        foreach (var unit in "dhms")
        {
            var (count, left) = Math.DivRem(seconds, SecondsOf(unit));
            if (count > 0)
                text += $"{count}{unit}";
            seconds = left;
        }
        return text;
    }

    private static long SecondsOf(char unit) => unit switch
    {
        'w' => 7 * 86_400,
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => 0,
    };

    private static FormatException Refused(string text) =>
        new($"'{text}' is no length of time. Write numbers with the units w, d, h, m (minutes) and s, from large to small, such as 30d or 1d12h.");
}
