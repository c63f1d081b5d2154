using System.Globalization;

namespace Coffer;

/// <summary>
/// The URL that names a store: <c>file:///var/coffer</c>, <c>s3://bucket/prefix?region=eu-central-1</c>, <c>sftp://user@host:22/path</c>,
/// <c>azblob://account/container/prefix</c>, <c>mem://name</c>. It follows RFC 3986; a URL never holds a secret, so a password in it is refused.
/// </summary>
public sealed class StoreUrl
{
    private StoreUrl(string scheme, string? user, string host, int? port, string path, IReadOnlyDictionary<string, string> options, string text)
    {
        Scheme = scheme;
        User = user;
        Host = host;
        Port = port;
        Path = path;
        Options = options;
        _text = text;
    }

    private readonly string _text;

    /// <summary>The scheme, in lower case.</summary>
    public string Scheme { get; }

    /// <summary>The user, percent-decoded; null when the URL names none.</summary>
    public string? User { get; }

    /// <summary>The host, bucket, account or name between <c>//</c> and the next <c>/</c>; empty for <c>file:///...</c>.</summary>
    public string Host { get; }

    /// <summary>The port; null when the URL names none.</summary>
    public int? Port { get; }

    /// <summary>The path, percent-decoded, with its leading <c>/</c> and without a trailing one; empty when there is none.</summary>
    public string Path { get; }

    /// <summary>The options of the query, percent-decoded, by name without case.</summary>
    public IReadOnlyDictionary<string, string> Options { get; }

    /// <summary>Reads a URL.</summary>
    /// <exception cref="FormatException">The text is no store URL; the message says why and shows what one looks like, without repeating a secret.</exception>
    public static StoreUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0 || !text.AsSpan(0, colon).ContainsOnlySchemeCharacters())
            throw new FormatException("A store is named by a URL such as file:///var/coffer or s3://bucket/prefix, and this text does not begin with a scheme and '://'.");
        var scheme = text[..colon].ToLowerInvariant();
        var rest = text[(colon + 3)..];
        if (rest.Contains('#', StringComparison.Ordinal))
            throw new FormatException("A store URL has no fragment; write '#' in a path or option as %23.");
        var (beforeQuery, query) = Cut(rest, '?');
        var slash = beforeQuery.IndexOf('/', StringComparison.Ordinal);
        var (authority, path) = slash < 0 ? (beforeQuery, "") : (beforeQuery[..slash], Decode(beforeQuery[slash..].TrimEnd('/')));
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? null : authority[..at];
        if (user is not null && user.Contains(':', StringComparison.Ordinal))
            throw new FormatException("A store URL holds no password, because URLs end up in logs. Give it in the configuration of the store instead.");
        var (host, port) = HostAndPort(authority[(at + 1)..]);
        return new StoreUrl(scheme, user is null ? null : Decode(user), Decode(host), port, path, OptionsOf(query), Shown(scheme + text[colon..], query));
    }

    /// <summary>Reads a URL, or gives false when the text is none.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StoreUrl? url)
    {
        try
        {
            url = text is null ? null : Parse(text);
        }
        catch (FormatException)
        {
            url = null;
        }
        return url is not null;
    }

    /// <summary>
    /// Whether a secret stands in what somebody wrote for a URL: a password before the host, or a value for an option that is called like a secret. Such a URL is refused, and a program
    /// that takes URLs from people can say where secrets belong instead.
    /// </summary>
    public static bool HoldsSecret(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0)
            return false;
        var (place, query) = Cut(text[(colon + 3)..], '?');
        var authority = Cut(place, '/').Before;
        return (authority.LastIndexOf('@') is > 0 and var at && authority[..at].Contains(':', StringComparison.Ordinal))
            || (query ?? "").Split('&').Any(static part => Cut(part, '=') is (var name, { Length: > 0 }) && IsSecret(name));
    }

    /// <summary>This URL with some of its options only, for a machine where the others do not hold.</summary>
    /// <param name="options">The names to keep, compared without case.</param>
    public StoreUrl WithOnly(IReadOnlyCollection<string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (place, query) = Cut(_text, '?');
        var kept = (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries).Where(part => options.Contains(Decode(Cut(part, '=').Before), StringComparer.OrdinalIgnoreCase)).ToList();
        return Parse(kept.Count == 0 ? place : $"{place}?{string.Join('&', kept)}");
    }

    private static (string Host, int? Port) HostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']'))
            return (text, null);
        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? (text[..colon], port)
            : throw new FormatException($"The port of a store URL is a number from 1 to 65535, not '{text[(colon + 1)..]}'.");
    }

    private static Dictionary<string, string> OptionsOf(string? query)
    {
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(part, '=');
            name = Decode(name);
            if (value is null)
                throw new FormatException($"The option '{name}' of a store URL has no value; write '{name}=...'.");
            if (!options.TryAdd(name, Decode(value)))
                throw new FormatException($"The option '{name}' stands twice in a store URL.");
        }
        return options;
    }

    /// <summary>
    /// The URL with <c>***</c> for the values of options that are called like secrets. No store takes them from a URL; but whoever puts them there should not find
    /// them in the message that says so.
    /// </summary>
    private static string Shown(string text, string? query)
    {
        if (query is null)
            return text;
        var parts = query.Split('&').Select(static part => Cut(part, '=') is (var name, { } value) && value.Length > 0 && IsSecret(name) ? name + "=***" : part);
        return text[..(text.Length - query.Length)] + string.Join('&', parts);
    }

    private static readonly string[] SecretNames = ["secret", "password", "passphrase", "token", "accountKey", "accessKey", "connectionString"];
    private static readonly string[] ShortSecretNames = ["sig", "sas"];

    private static bool IsSecret(string name) =>
        ShortSecretNames.Contains(name, StringComparer.OrdinalIgnoreCase) || SecretNames.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));

    private static (string Before, string? After) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }

    private static string Decode(string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw new FormatException("A '%' in a store URL begins an escape of two hexadecimal digits; write a '%' itself as %25.");
        }
        return Uri.UnescapeDataString(text);
    }

    /// <summary>The URL as it was written, but with <c>***</c> for what is called like a secret.</summary>
    public override string ToString() => _text;
}

file static class SchemeCharacters
{
    public static bool ContainsOnlySchemeCharacters(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
                return false;
        }
        return true;
    }
}
