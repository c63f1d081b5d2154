using System.Globalization;

namespace Coffer;

/// <summary>
/// Reads a store's options from the query of its URL and from the settings beside it, which come first. Names are compared without case. For those who write a
/// provider: ask for every option that the store has, then call <see cref="Finish"/>, which refuses what is left.
/// </summary>
public sealed class StoreOptionReader
{
    private readonly StoreUrl _url;
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _fromUrl = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);
    private readonly string _store;

    /// <param name="url">The store's URL.</param>
    /// <param name="context">The settings beside it.</param>
    /// <param name="store">What kind of store it is, as a sentence begins: <c>An S3 store</c>.</param>
    public StoreOptionReader(StoreUrl url, StoreContext context, string store)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(context);
        _url = url;
        _store = store;
        foreach (var (name, value) in url.Options)
        {
            _values[name] = value;
            _fromUrl.Add(name);
        }
        foreach (var (name, value) in context.Settings)
        {
            _values[name] = value;
            _fromUrl.Remove(name);
        }
    }

    /// <summary>The text of an option; null when it is not given, or empty.</summary>
    /// <param name="name">Its name, in camelCase.</param>
    public string? Text(string name)
    {
        _known.Add(name);
        return _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>A secret, which only a setting may hold; null when it is not given, or empty.</summary>
    /// <param name="name">Its name, in camelCase.</param>
    /// <exception cref="StoreException">It stands in the URL.</exception>
    public string? Secret(string name) => _fromUrl.Contains(name)
        ? throw Refused($"'{name}' is a secret, and stands in the URL, which ends up in logs. Give it as a setting beside the URL, from user secrets or an environment variable", name)
        : Text(name);

    /// <summary>An option that is <c>true</c> or <c>false</c>.</summary>
    /// <param name="name">Its name, in camelCase.</param>
    /// <param name="otherwise">What holds when it is not given.</param>
    /// <exception cref="StoreException">It is something else.</exception>
    public bool Bool(string name, bool otherwise) => Text(name) is not { } text ? otherwise
        : bool.TryParse(text, out var value) ? value
        : throw Refused($"The option '{name}' is true or false, not '{text}'", name);

    /// <summary>An option that is a whole number; null when it is not given.</summary>
    /// <param name="name">Its name, in camelCase.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    /// <exception cref="StoreException">It is something else.</exception>
    public long? Number(string name, long least, long most) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
        : throw Refused($"The option '{name}' is a whole number from {least} to {most}, not '{text}'", name);

    /// <summary>Refuses the options that nobody asked for.</summary>
    /// <exception cref="StoreException">There are some; the message names the first, and the options that there are.</exception>
    public void Finish()
    {
        if (_values.Keys.Where(name => !_known.Contains(name, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw Refused($"{_store} has no option '{unknown}'. {(_known.Count == 0 ? "It knows none" : "It knows: " + string.Join(", ", _known))}", unknown);
    }

    /// <summary>The error for a URL or an option that is wrong.</summary>
    /// <param name="why">What is wrong and what to write instead, without the full stop at its end; the URL is added.</param>
    /// <param name="option">The name of the option that is wrong; null when it is another part of the URL.</param>
    public StoreException Refused(string why, string? option = null)
    {
        ArgumentNullException.ThrowIfNull(why);
        return new StoreException(StoreErrorKind.Unsupported, $"{why.TrimEnd('.')} (the store is '{_url}').") { Operation = StoreOperation.Open, StoreName = _url.ToString(), Option = option };
    }
}
