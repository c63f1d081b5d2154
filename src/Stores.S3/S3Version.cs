namespace Coffer.Stores.S3;

/// <summary>Etags come with quotes and without, and from some proxies with the mark of a weak one; a version is what they have in common.</summary>
internal static class S3Version
{
    public static ObjectVersion? From(string? etag)
    {
        if (etag is null)
            return null;
        var text = etag.AsSpan().Trim();
        if (text.StartsWith("W/", StringComparison.Ordinal))
            text = text[2..];
        text = text.Trim('"');
        return text.IsEmpty ? null : new ObjectVersion(text.ToString());
    }

    /// <summary>The etag as RFC 9110 writes it.</summary>
    public static string Quoted(ObjectVersion version) => $"\"{version.Value}\"";

    /// <summary>The etag without quotes, as some servers want it.</summary>
    public static string Plain(ObjectVersion version) => version.Value;
}
