using Azure;

namespace Coffer.Stores.Azure;

/// <summary>Versions as the service writes them: listings give etags without quotes, other answers with or without.</summary>
internal static class Etag
{
    public static ObjectVersion Read(ETag etag)
    {
        var text = etag.ToString();
        return new ObjectVersion(text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text);
    }

    /// <summary>The etag for a condition; null when no object can have this version. Quoted: a bare <c>*</c> would mean any version.</summary>
    public static ETag? Write(ObjectVersion version) =>
        version.Value is { Length: > 0 } text && text.All(static c => c is >= '!' and <= '~' and not '"') ? new ETag($"\"{text}\"") : null;
}
