using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;

namespace Coffer.Stores.Azure;

/// <summary>A read: one request, whose answer is checked against what was asked.</summary>
internal static class Download
{
    public static BlobDownloadOptions Request(ReadOptions options) => new()
    {
        Range = options.Range is { } range ? new HttpRange(range.Offset, range.Length) : default,
        Conditions = options.IfNoneMatch is { } version && Etag.Write(version) is { } etag ? new BlobRequestConditions { IfNoneMatch = etag } : null,
    };

    /// <exception cref="StoreException">The answer does not fit the range (<see cref="StoreErrorKind.Unexpected"/>). Its content is disposed then.</exception>
    public static ObjectReader Open(Response<BlobDownloadStreamingResult> answer, StoreKey key, ByteRange? range, AzureErrors errors)
    {
        var raw = answer.GetRawResponse();
        var place = errors.PlaceOf(StoreOperation.Read, key);
        if (raw.Status == 304)
            throw place.Error(StoreErrorKind.ConditionFailed, $"'{key}' in '{place.StoreName}' still has the version that the caller knows.");
        var details = answer.Value.Details;
        try
        {
            var (size, length) = Extent(details, raw, range, place);
            var info = new ObjectInfo(key, size) { Version = Etag.Read(details.ETag), LastModified = details.LastModified, StoreTime = raw.Headers.Date };
            return new ObjectReader(info, new BlobContent(answer.Value.Content, errors, key), length, range);
        }
        catch
        {
            answer.Value.Dispose();
            throw;
        }
    }

    /// <summary>The size of the blob and of the content that comes.</summary>
    private static (long Size, long Length) Extent(BlobDownloadDetails details, Response raw, ByteRange? range, Place place)
    {
        if (raw.Headers.ContentLengthLong is not { } length)
            throw Broken(place, "it does not tell the content's length");
        if (range is not { } asked)
            return (length, length);
        // The SDK asks for the whole blob when the range begins with the first byte and has no end.
        var isWhole = asked.Offset == 0 && asked.Length is null && details.ContentRange is null;
        var (first, last, size) = isWhole ? (0, length - 1, length) : ContentRange(details.ContentRange);
        if (size is null)
            throw Broken(place, $"the range {asked} was asked for, and {details.ContentRange ?? "the whole"} was given");
        // Azurite gives no bytes where the service gives an error, for some ranges.
        if (asked.LengthWithin(size.Value) is not { } due)
            throw place.Error(StoreErrorKind.RangeNotSatisfiable, $"'{place.Key}' in '{place.StoreName}' has {size} bytes, so the range {asked} begins behind its end.");
        return first == asked.Offset && last == asked.Offset + due - 1 && length == due ? (size.Value, length)
            : throw Broken(place, $"the range {asked} was asked for, and {length} bytes, '{details.ContentRange}', were given");
    }

    /// <summary>Reads <c>bytes 0-99/1000</c> (RFC 9110, section 14.4).</summary>
    private static (long? First, long? Last, long? Size) ContentRange(string? text)
    {
        if (text?.StartsWith("bytes ", StringComparison.Ordinal) != true || text.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash))
            return default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 || dash > slash ? default : (Number(text[6..dash]), Number(text[(dash + 1)..slash]), Number(text[(slash + 1)..]));
    }

    private static StoreException Broken(Place place, string what) =>
        place.Error(StoreErrorKind.Unexpected, $"The service's answer to a read of '{place.Key}' in '{place.StoreName}' cannot be relied on: {what}.");

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
