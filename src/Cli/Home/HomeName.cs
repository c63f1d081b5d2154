using Coffer.Cli.Parsing;

namespace Coffer.Cli.Home;

/// <summary>The rules for names of identities and vaults: they become file names on every platform, and stand before the colon of <c>NAME:path</c>.</summary>
internal static class HomeName
{
    private const int Longest = 64;

    public static bool IsName(string text) => text.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(text[0]) && text[^1] != '.'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The name itself, when it is one.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="what">What it names, for the message.</param>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static string Parse(string text, string what) => Fault(text, what) is { } fault ? throw new FormatException(fault) : text;

    /// <summary>Why a text is no name; null when it is one.</summary>
    public static string? Fault(string text, string what) => IsName(text)
        ? null
        : $"'{Excerpt.Of(text)}' cannot name the {what}. A name has 1 to {Longest} of the characters A-Z a-z 0-9 . _ - and begins with a letter or digit.";
}
