namespace Coffer.Cli.Parsing;

/// <summary>What somebody typed, for a message: its beginning, when it is long. Nobody reads an invitation of 400 characters a second time.</summary>
internal static class Excerpt
{
    /// <summary>What is shown as it is: the longest name has as many characters.</summary>
    public const int Longest = 64;

    private const int Shown = 24;

    public static string Of(string text) => text.Length <= Longest ? text : text[..Shown] + "...";
}
