using System.Text;

namespace Coffer.Cli.Parsing;

/// <summary>Where a store is, as people type it: a URL, or a folder that cannot be mistaken for anything else, such as <c>/srv/coffer</c>, <c>./x</c> or <c>~/x</c>.</summary>
internal static class StorePlace
{
    /// <summary>The store's URL, for this person in this folder.</summary>
    /// <inheritdoc cref="Parse(string, string, string)" path="/exception"/>
    public static string Parse(string text) =>
        Parse(text, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Environment.CurrentDirectory);

    /// <summary>The store's URL.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="home">The person's home folder.</param>
    /// <param name="current">The folder that relative ones start from.</param>
    /// <exception cref="FormatException">The text is neither a URL nor clearly a folder; the message says how to write it.</exception>
    public static string Parse(string text, string home, string current)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            return StoreUrl.Parse(text).ToString();
        if (text is "~" || text.StartsWith("~/", StringComparison.Ordinal))
            return UrlOf(Path.GetFullPath(home + text[1..]));
        if (Path.IsPathFullyQualified(text) || text is "." or ".." || StartsRelative(text))
            return UrlOf(Path.GetFullPath(text, current));
        throw new FormatException($"'{Excerpt.Of(text)}' is no store. Write a URL such as file:///srv/coffer, or a folder as /srv/coffer, ./coffer or ~/coffer.");
    }

    private static bool StartsRelative(string text) => text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal)
        || (OperatingSystem.IsWindows() && (text.StartsWith(@".\", StringComparison.Ordinal) || text.StartsWith(@"..\", StringComparison.Ordinal)));

    private static string UrlOf(string folder)
    {
        var path = OperatingSystem.IsWindows() ? "/" + folder.Replace('\\', '/') : folder;
        var url = new StringBuilder("file://");
        foreach (var segment in path.TrimEnd('/').Split('/').Skip(1))
            url.Append('/').Append(Uri.EscapeDataString(segment).Replace("%3A", ":", StringComparison.Ordinal));
        return path.TrimEnd('/').Length == 0 ? "file:///" : url.ToString();
    }
}
