namespace Coffer;

/// <summary>How to list.</summary>
public sealed record ListOptions
{
    /// <summary>Everything below the prefix.</summary>
    public static ListOptions Default { get; } = new();

    /// <summary>
    /// Only entries whose <see cref="ObjectInfo.Name"/> is greater than this, by the bytes of UTF-8; null for all. Any text will do, it need not be a key;
    /// to go on after an entry, give its name.
    /// </summary>
    public string? StartAfter { get; init; }

    /// <summary>
    /// One level: a key that has a <c>/</c> behind the prefix is not given itself; its part up to and with that <c>/</c> is, once, as an entry
    /// with <see cref="ObjectInfo.IsPrefix"/>, in the place where its name sorts.
    /// </summary>
    public bool Shallow { get; init; }

    /// <summary>How many entries to ask the server for at a time, as a hint; null leaves it to the store.</summary>
    public int? PageSize { get; init; }

    /// <summary>
    /// For stores that walk through folders: whether a name is an entry that a listing of <paramref name="prefix"/> asks for, or a folder in which there may be one.
    /// </summary>
    /// <param name="prefix">What the names begin with.</param>
    /// <param name="name">The whole name; that of a folder ends with <c>/</c>.</param>
    public bool Reaches(string prefix, string name)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(name);
        var isFolder = name.EndsWith('/');
        if (!name.StartsWith(prefix, StringComparison.Ordinal) && !(isFolder && prefix.StartsWith(name, StringComparison.Ordinal)))
            return false;
        return StartAfter is not { } after || Utf8Order.Compare(name, after) > 0 || (isFolder && !Shallow && after.StartsWith(name, StringComparison.Ordinal));
    }
}
