namespace Coffer.Stores.Sftp;

/// <summary>A text that another program or a server wrote, made fit for a message.</summary>
internal static class OneLine
{
    private const int MostCharacters = 300;

    public static string Of(string text)
    {
        var shown = text.Length <= MostCharacters ? text : text[..MostCharacters] + "...";
        return string.Concat(shown.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();
    }
}
