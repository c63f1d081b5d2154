using System.Runtime.CompilerServices;

namespace Coffer.Testing;

/// <summary>Counts the requests that are made of a store, so that a test can hold a budget.</summary>
/// <param name="inner">The store to count at.</param>
public sealed class CountingStore(IStore inner) : DelegatingStore(inner)
{
    /// <summary>How many entries one page of a listing has, and how many keys one batch of deletes.</summary>
    public const int PageSize = 1000;

    private readonly Lock _lock = new();
    private RequestCounts _counts;

    /// <summary>The requests since the beginning, or since the last <see cref="Reset"/>.</summary>
    public RequestCounts Counts
    {
        get
        {
            lock (_lock)
                return _counts;
        }
    }

    /// <summary>Begins to count anew, and gives what was counted before.</summary>
    public RequestCounts Reset()
    {
        lock (_lock)
        {
            var counts = _counts;
            _counts = default;
            return counts;
        }
    }

    private void Count(Func<RequestCounts, RequestCounts> change)
    {
        lock (_lock)
            _counts = change(_counts);
    }

    /// <inheritdoc/>
    public override ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        Count(static counts => counts with { Stat = counts.Stat + 1 });
        return base.StatAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        Count(static counts => counts with { Read = counts.Read + 1 });
        var reader = await base.OpenReadAsync(key, options, cancellationToken);
        var content = new WatchedStream(reader.Content, bytes => Count(counts => counts with { BytesRead = counts.BytesRead + bytes }));
        return new ObjectReader(reader.Info, content, reader.Length, reader.Range);
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        Count(static counts => counts with { Put = counts.Put + 1 });
        var info = await base.PutAsync(key, body, options, cancellationToken);
        Count(counts => counts with { BytesPut = counts.BytesPut + info.Size });
        return info;
    }

    /// <inheritdoc/>
    public override ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        Count(static counts => counts with { Delete = counts.Delete + 1 });
        return base.DeleteAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Count(counts => counts with { Delete = counts.Delete + ((keys.Count + PageSize - 1) / PageSize) });
        return base.DeleteManyAsync(keys, cancellationToken);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Count(static counts => counts with { List = counts.List + 1 });
        var entries = 0;
        await foreach (var entry in base.ListAsync(prefix, options, cancellationToken))
        {
            if (entries > 0 && entries % PageSize == 0)
                Count(static counts => counts with { List = counts.List + 1 });
            entries++;
            yield return entry;
        }
    }
}
