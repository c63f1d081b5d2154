namespace Coffer.Stores;

/// <summary>A listing that begins anew behind the last name that it gave, when it is asked for the next entry after an error.</summary>
internal sealed class ResumingListing(IStore store, string prefix, ListOptions options) : IAsyncDisposable
{
    private ListOptions _options = options;
    private IAsyncEnumerator<ObjectInfo>? _entries;

    /// <summary>The next entry, or null at the end.</summary>
    public async ValueTask<ObjectInfo?> NextAsync(CancellationToken cancellationToken)
    {
        _entries ??= store.ListAsync(prefix, _options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            if (!await _entries.MoveNextAsync())
                return null;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
        var entry = _entries.Current;
        _options = _options with { StartAfter = entry.Name };
        return entry;
    }

    public async ValueTask DisposeAsync()
    {
        var entries = _entries;
        _entries = null;
        if (entries is not null)
            await entries.DisposeAsync();
    }
}
