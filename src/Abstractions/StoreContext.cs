namespace Coffer;

/// <summary>What a provider is given besides the URL.</summary>
public sealed record StoreContext
{
    /// <summary>
    /// Settings from configuration by their name (<c>IdentityFile</c>), compared without case. They come before options of the same name in the URL's query.
    /// They may hold secrets, and are never logged.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The clock and timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
