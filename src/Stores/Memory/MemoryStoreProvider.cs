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
        var options = new StoreOptionReader(url, context, "A store in memory");
        if (url.Host.Length == 0 || url.Path.Length > 0 || url.User is not null || url.Port is not null)
            throw options.Refused("A store in memory is named as in mem://name, with no user, port or path");
        options.Finish();
        lock (_lock)
        {
            if (!_contents.TryGetValue(url.Host, out var contents))
                _contents.Add(url.Host, contents = new MemoryContents());
            return new MemoryStore(url.Host, contents, context.Time);
        }
    }
}
