using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>Listings, a page at a time.</summary>
internal sealed class S3Listing(S3Connection connection, S3StoreOptions options)
{
    /// <summary>The most entries that servers give at a time.</summary>
    private const int LargestPage = 1000;

    private readonly string _root = options.Prefix.Length == 0 ? "" : options.Prefix + "/";

    public async IAsyncEnumerable<ObjectInfo> RunAsync(string prefix, ListOptions list, S3Place place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = options.Bucket,
            Prefix = Encodable(_root + prefix),
            Delimiter = list.Shallow ? "/" : null,
            MaxKeys = Math.Clamp(list.PageSize ?? LargestPage, 1, LargestPage),
            // Keys may hold what XML does not take.
            Encoding = EncodingType.Url,
        };
        // Some servers take a start before the prefix badly, and it says nothing anyway.
        if (list.StartAfter is { } after && Utf8Order.Compare(after, prefix) > 0)
            request.StartAfter = Encodable(_root + after);
        string? last = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await PageAsync(request, place, cancellationToken);
            var time = AnswerNotes.TimeOf(page);
            foreach (var (name, entry) in Entries(page))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!name.StartsWith(_root + prefix, StringComparison.Ordinal))
                    continue;
                if (last is not null && Utf8Order.Compare(name, last) is var order and <= 0)
                {
                    // A common prefix may come again on the next page.
                    if (order == 0)
                        continue;
                    throw place.Error(StoreErrorKind.Unexpected, $"The server does not list in the order of the keys' bytes: '{name}' came after '{last}'. Such a bucket (S3 Express, for example) cannot hold a store.");
                }
                last = name;
                if (Info(name[_root.Length..], entry, time) is { } info && (list.StartAfter is null || Utf8Order.Compare(info.Name, list.StartAfter) > 0))
                    yield return info;
            }
            if (page.IsTruncated != true)
                yield break;
            if (page.NextContinuationToken is { Length: > 0 } token)
                request.ContinuationToken = token;
            else
                request.StartAfter = last ?? throw place.Error(StoreErrorKind.Unexpected, $"The server says that there is more below {place.Subject}, and not where.");
        }
    }

    private async Task<ListObjectsV2Response> PageAsync(ListObjectsV2Request request, S3Place place, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Client.ListObjectsV2Async(request, cancellationToken);
        }
        catch (Exception e)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
    }

    /// <summary>Objects and common prefixes come apart; their names give the one order.</summary>
    private static List<(string Name, S3Object? Entry)> Entries(ListObjectsV2Response page)
    {
        var isEncoded = page.Encoding == EncodingType.Url;
        var objects = (page.S3Objects ?? []).ConvertAll(entry => (Name: Decoded(entry.Key, isEncoded), Entry: (S3Object?)entry));
        if (page.CommonPrefixes is not { Count: > 0 } prefixes)
            return objects;
        objects.AddRange(prefixes.Select(name => (Decoded(name, isEncoded), (S3Object?)null)));
        objects.Sort(static (left, right) => Utf8Order.Compare(left.Name, right.Name));
        return objects;
    }

    private static string Decoded(string name, bool isEncoded) => isEncoded ? Uri.UnescapeDataString(name.Replace('+', ' ')) : name;

    /// <summary>What is no key of ours (a folder's mark that some tool made, for example) is not listed, nor what a probe left behind.</summary>
    private static ObjectInfo? Info(string name, S3Object? entry, DateTimeOffset? time)
    {
        if (name.StartsWith(ConditionProbe.NamePrefix, StringComparison.Ordinal))
            return null;
        if (entry is null)
            return StoreKey.TryParse(name.AsSpan().TrimEnd('/').ToString(), out var folder) && folder.Value.Length == name.Length - 1 ? new ObjectInfo(folder, 0) { IsPrefix = true, StoreTime = time } : null;
        return StoreKey.TryParse(name, out var key)
            ? new ObjectInfo(key, entry.Size ?? 0) { Version = S3Version.From(entry.ETag), LastModified = S3Reading.Utc(entry.LastModified), StoreTime = time }
            : null;
    }

    /// <summary>The text up to the first lone surrogate: what has no UTF-8 form cannot be sent, and what is left out is compared here.</summary>
    private static string Encodable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]) || text[i] == '\0')
                return text[..i];
        }
        return text;
    }
}
