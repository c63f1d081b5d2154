namespace Coffer.Stores;

/// <summary>
/// Opens <c>mem://name</c>. One name is one store for as long as this provider lives: what is opened twice, or again after it was disposed, has the same
/// contents. Two providers share nothing.
/// </summary>
public sealed class MemoryStoreProvider : IStoreProvider
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryContents> _contents = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["mem"];

    /// <inheritdoc/>
    public IStore Open(StoreUrl url, StoreContext context)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(context);
        if (url.Host.Length == 0 || url.Path.Length > 0 || url.User is not null || url.Port is not null)
            throw Refused(url, "A store in memory is named as in mem://name, with no user, port or path");
        if (url.Options.Keys.Concat(context.Settings.Keys).Order(StringComparer.Ordinal).FirstOrDefault() is { } option)
            throw Refused(url, $"A store in memory has no settings, and '{option}' was given");
        lock (_lock)
        {
            if (!_contents.TryGetValue(url.Host, out var contents))
                _contents.Add(url.Host, contents = new MemoryContents());
            return new MemoryStore(url.Host, contents, context.Time);
        }
    }

    private static StoreException Refused(StoreUrl url, string why) =>
        new(StoreErrorKind.Unsupported, $"{why}; this is '{url}'.") { Operation = StoreOperation.Open, StoreName = url.ToString() };
}
