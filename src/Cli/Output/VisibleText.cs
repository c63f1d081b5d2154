using System.Text;

namespace Coffer.Cli.Output;

/// <summary>
/// Text from outside, as it may be shown: what a terminal would take for a command, and what changes the direction or the lines of a text, is written as an
/// escape instead, <c>\n</c> or <c>\u{1B}</c>. JSON output has the exact text.
/// </summary>
internal static class VisibleText
{
    /// <summary>A sentence that may quote something from outside.</summary>
    public static string Of(string text) => Shown(text, IsHidden);

    /// <summary>A name. A backslash in it becomes two, so that two names never look the same.</summary>
    public static string OfName(string name) => Shown(name, static rune => rune.Value == '\\' || IsHidden(rune));

    private static string Shown(string text, Func<Rune, bool> isEscaped)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (isEscaped(rune))
                return Escaped(text, isEscaped);
        }
        return text;
    }

    private static string Escaped(string text, Func<Rune, bool> isEscaped)
    {
        var shown = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!isEscaped(rune))
                shown.Append(rune.ToString());
            else
                shown.Append(Escape(rune));
        }
        return shown.ToString();
    }

    private static string Escape(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\\' => "\\\\",
        var value => $"\\u{{{value:X}}}",
    };

    /// <summary>Control characters, line and paragraph separators, and the marks that turn the direction of writing (Unicode Standard Annex 9).</summary>
    private static bool IsHidden(Rune rune) => Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029
        or 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
