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
}
