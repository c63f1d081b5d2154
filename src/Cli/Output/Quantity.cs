namespace Coffer.Cli.Output;

/// <summary>A number and what it counts, as people say it.</summary>
internal static class Quantity
{
    /// <param name="number">How many.</param>
    /// <param name="what">What, in the singular; its plural ends with an s.</param>
    public static string Of(long number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
