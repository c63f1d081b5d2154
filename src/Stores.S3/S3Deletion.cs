using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>Deletes, one by one and a thousand at a time.</summary>
internal sealed class S3Deletion(S3Connection connection, S3StoreOptions options)
{
    /// <summary>The most keys that one request takes.</summary>
    private const int Batch = 1000;

    public async ValueTask RunAsync(StoreKey key, S3Place place, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = options.FullKey(key) }, cancellationToken);
        }
        catch (Exception e) when (S3Errors.Is(e, HttpStatusCode.NotFound) && !S3Errors.IsNoBucket(e))
        {
            // A missing object is success; some servers say that it is missing.
        }
        catch (Exception e)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
    }

    public async ValueTask RunAsync(IReadOnlyList<StoreKey> keys, S3Place place, CancellationToken cancellationToken)
    {
        for (var i = 0; i < keys.Count; i += Batch)
            await DeleteBatchAsync(keys.Skip(i).Take(Batch).Distinct().ToList(), place, cancellationToken);
    }

    private async Task DeleteBatchAsync(List<StoreKey> keys, S3Place place, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectsRequest { BucketName = options.Bucket, Quiet = true, Objects = keys.ConvertAll(key => new KeyVersion { Key = options.FullKey(key) }) };
        try
        {
            await connection.Client.DeleteObjectsAsync(request, cancellationToken);
        }
        catch (DeleteObjectsException e)
        {
            var refused = (e.Response.DeleteErrors ?? []).Where(static error => error.Code is not ("NoSuchKey" or "NoSuchVersion")).ToList();
            if (refused.Count > 0)
                throw Refused(refused, keys.Count, place, e);
        }
        catch (Exception e) when (S3Errors.From(e, place, cancellationToken) is StoreException { Kind: StoreErrorKind.Unsupported })
        {
            // Google's server, for one, has no batches, and older ones take them only with a Content-MD5.
            foreach (var key in keys)
                await RunAsync(key, place with { Key = key }, cancellationToken);
        }
        catch (Exception e)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
    }

    private static StoreException Refused(List<DeleteError> refused, int count, S3Place place, DeleteObjectsException e)
    {
        var first = refused[0];
        var kind = first.Code switch
        {
            "AccessDenied" or "ObjectLocked" or "InvalidObjectState" => StoreErrorKind.PermissionDenied,
            "SlowDown" or "ServiceUnavailable" or "SlowDownWrite" => StoreErrorKind.RateLimited,
            "InternalError" or "OperationAborted" => StoreErrorKind.Unavailable,
            _ => StoreErrorKind.Unexpected,
        };
        return place.Error(kind, $"{refused.Count} of {count} objects of '{place.StoreName}' could not be deleted; the first is '{first.Key}' ({first.Code}: {first.Message}).", e);
    }
}
