using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;

namespace Coffer.Stores.Azure;

/// <summary>
/// A listing, page by page. The service cannot begin in the middle (the version of its interface that the SDK speaks has no such option), so what lies before the
/// start is passed over here.
/// </summary>
internal sealed class BlobListing(AzureConnection connection, BlobNames names, AzureErrors errors, string prefix, ListOptions options)
{
    /// <summary>The most entries that the service gives at a time, and what it gives when it is not asked for fewer.</summary>
    public const int MostPerPage = 5000;

    public async IAsyncEnumerable<ObjectInfo> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (options.StartAfter is { } start && !start.StartsWith(prefix, StringComparison.Ordinal) && Utf8Order.Compare(start, prefix) > 0)
            yield break;
        var order = new ListingOrder(MostPerPage, errors.PlaceOf(StoreOperation.List, null));
        await using var pages = Pages(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(pages, cancellationToken) is { } page)
        {
            foreach (var entry in page)
            {
                foreach (var ready in order.Take(entry))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return ready;
                }
            }
        }
        foreach (var ready in order.Rest())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ready;
        }
    }

    /// <summary>The wanted entries of the next page, in order; null at the end, and when there is no container yet that the first put makes.</summary>
    private async ValueTask<List<ObjectInfo>?> NextAsync(IAsyncEnumerator<List<ObjectInfo>> pages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await pages.MoveNextAsync() ? pages.Current : null;
        }
        catch (RequestFailedException e) when (e.ErrorCode == "ContainerNotFound" && connection.CreatesContainer)
        {
            return null;
        }
        catch (Exception e)
        {
            throw errors.From(e, StoreOperation.List, null, cancellationToken);
        }
    }

    private async IAsyncEnumerable<List<ObjectInfo>> Pages([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A small page would only mean more requests where most of the entries are passed over.
        var size = options.StartAfter is null && options.PageSize is { } hint ? Math.Clamp(hint, 1, MostPerPage) : MostPerPage;
        var root = names.OfPrefix(prefix);
        if (options.Shallow)
        {
            await foreach (var page in connection.Container.GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", root, cancellationToken).AsPages(null, size))
                yield return Wanted(page.Values.Select(item => (item.IsPrefix ? item.Prefix : null, item.Blob)), page.GetRawResponse());
            yield break;
        }
        await foreach (var page in connection.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, root, cancellationToken).AsPages(null, size))
            yield return Wanted(page.Values.Select(static blob => ((string?)null, blob)), page.GetRawResponse());
    }

    /// <summary>The SDK gives the common prefixes of a page before its blobs, wherever they sort.</summary>
    private List<ObjectInfo> Wanted(IEnumerable<(string? Prefix, BlobItem Blob)> items, Response answer)
    {
        var entries = new List<ObjectInfo>();
        foreach (var (common, blob) in items)
        {
            if (EntryOf(common, blob, answer.Headers.Date) is { } entry && (options.StartAfter is not { } start || Utf8Order.Compare(entry.Name, start) > 0))
                entries.Add(entry);
        }
        entries.Sort(static (left, right) => Utf8Order.Compare(left.Name, right.Name));
        return entries;
    }

    private ObjectInfo? EntryOf(string? common, BlobItem blob, DateTimeOffset? storeTime)
    {
        if (common is not null)
            return names.TryParse(common[..^1], out var folder) ? new ObjectInfo(folder, 0) { IsPrefix = true, StoreTime = storeTime } : null;
        return names.TryParse(blob.Name, out var key)
            ? new ObjectInfo(key, blob.Properties.ContentLength ?? 0)
            {
                Version = blob.Properties.ETag is { } etag ? Etag.Read(etag) : null,
                LastModified = blob.Properties.LastModified,
                StoreTime = storeTime,
            }
            : null;
    }
}
