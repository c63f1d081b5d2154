using System.Globalization;
using System.Net;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>Stats and reads.</summary>
internal sealed class S3Reading(S3Connection connection, S3StoreOptions options)
{
    /// <summary>Whether some answer showed that the bucket is there: until then, a missing object may be a missing bucket.</summary>
    private volatile bool _bucketSeen;

    public async ValueTask<ObjectInfo?> StatAsync(StoreKey key, S3Place place, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.Client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = options.FullKey(key) }, cancellationToken);
            _bucketSeen = true;
            return new ObjectInfo(key, answer.ContentLength)
            {
                Version = S3Version.From(answer.ETag),
                LastModified = Utc(answer.LastModified),
                StoreTime = AnswerNotes.TimeOf(answer),
            };
        }
        catch (Exception e) when (S3Errors.Is(e, HttpStatusCode.NotFound) && _bucketSeen)
        {
            return null;
        }
        catch (Exception e) when (S3Errors.IsWithoutReason(e) && !cancellationToken.IsCancellationRequested)
        {
            await ExplainAsync(key, e, place, cancellationToken);
            return null;
        }
        catch (Exception e)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
    }

    /// <summary>
    /// The answer to a HEAD has no content and so no reason: whether the bucket is missing or the object, the key is wrong or the right. A GET of a byte tells.
    /// Returns when the object is missing.
    /// </summary>
    private async Task ExplainAsync(StoreKey key, Exception refusal, S3Place place, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await connection.Client.GetObjectAsync(
                new GetObjectRequest { BucketName = options.Bucket, Key = options.FullKey(key), ByteRange = new Amazon.S3.Model.ByteRange(0, 0) }, cancellationToken);
        }
        catch (Exception e) when (S3Errors.Is(e, HttpStatusCode.NotFound) && !S3Errors.IsNoBucket(e))
        {
            _bucketSeen = true;
            if (S3Errors.Is(refusal, HttpStatusCode.NotFound))
                return;
        }
        catch (Exception e)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
        throw S3Errors.From(refusal, place, cancellationToken);
    }

    public async ValueTask<ObjectReader> OpenAsync(StoreKey key, ReadOptions read, S3Place place, CancellationToken cancellationToken)
    {
        GetObjectResponse answer;
        try
        {
            answer = await connection.Client.GetObjectAsync(Request(key, read), cancellationToken);
            _bucketSeen = true;
        }
        catch (Exception e)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
        try
        {
            return Opened(answer, key, read, place);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private GetObjectRequest Request(StoreKey key, ReadOptions read)
    {
        var request = new GetObjectRequest { BucketName = options.Bucket, Key = options.FullKey(key) };
        if (read.Range is { } range)
            request.ByteRange = new Amazon.S3.Model.ByteRange($"bytes={range}");
        if (read.IfNoneMatch is { } version)
            request.EtagToNotMatch = S3Version.Quoted(version);
        return request;
    }

    private static ObjectReader Opened(GetObjectResponse answer, StoreKey key, ReadOptions read, S3Place place)
    {
        var version = S3Version.From(AnswerNotes.ETagOf(answer));
        // Some servers ignore the condition, and some compare with quotes and some without.
        if (read.IfNoneMatch is { } known && version == known)
            throw place.Error(StoreErrorKind.ConditionFailed, $"{place.Subject} still has the version that the caller knows.");
        var (size, length) = (answer.ContentLength, answer.ContentLength);
        if (read.Range is { } range)
        {
            if (answer.HttpStatusCode != HttpStatusCode.PartialContent)
                throw place.Error(StoreErrorKind.Unexpected, $"The server ignored the range {range} of {place.Subject}: it answered with HTTP {(int)answer.HttpStatusCode}.");
            size = SizeOf(answer.ContentRange, range, length)
                ?? throw place.Error(StoreErrorKind.Unexpected, $"The server gave another range of {place.Subject} than {range}, which was asked for: {answer.ContentRange ?? "none"} ({length} bytes).");
        }
        var info = new ObjectInfo(key, size) { Version = version, LastModified = Utc(answer.LastModified), StoreTime = AnswerNotes.TimeOf(answer) };
        return new ObjectReader(info, new S3Content(answer, place), length, read.Range);
    }

    /// <summary>The object's size from <c>Content-Range: bytes 0-99/1234</c> (RFC 9110, section 14.4); null when it is not about the range that was asked for.</summary>
    internal static long? SizeOf(string? contentRange, ByteRange asked, long length)
    {
        if (contentRange is null || !contentRange.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase))
            return null;
        var slash = contentRange.IndexOf('/', StringComparison.Ordinal);
        var dash = contentRange.IndexOf('-', StringComparison.Ordinal);
        if (dash < 6 || slash < dash || !Number(contentRange.AsSpan(6, dash - 6), out var first) || !Number(contentRange.AsSpan(dash + 1, slash - dash - 1), out var last)
            || !Number(contentRange.AsSpan(slash + 1), out var size))
            return null;
        return first == asked.Offset && asked.LengthWithin(size) == length && last == first + length - 1 ? size : null;
    }

    private static bool Number(ReadOnlySpan<char> text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    internal static DateTimeOffset? Utc(DateTime? time) => time is { Ticks: > 0 } known ? new DateTimeOffset(known.ToUniversalTime()) : null;
}
