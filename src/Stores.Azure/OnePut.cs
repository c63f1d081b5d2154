using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Coffer.Stores.Azure;

/// <summary>A body in one request, which is atomic whatever its condition. It is never split into blocks, and streams without being held.</summary>
internal static class OnePut
{
    /// <summary>Sends the body.</summary>
    public static async Task<Response<BlobContentInfo>> RunAsync(
        BlockBlobClient blob, StoreKey key, ObjectBody body, long length, PutOptions options, AzureErrors errors, CancellationToken cancellationToken)
    {
        await using var source = await body.OpenAsync(options.Progress, cancellationToken);
        await using var request = new RequestBody(source, length);
        try
        {
            await request.StartAsync(cancellationToken);
            return await blob.UploadAsync(request, Options(ConditionsOf(options.Condition)), cancellationToken);
        }
        catch (Exception e)
        {
            AzureErrors.Throw(errors.FromPut(e, key, options.Condition.Kind, request, cancellationToken));
            throw;
        }
    }

    /// <summary>The SDK splits what is as long as its threshold, so that is out of reach.</summary>
    public static BlobUploadOptions Options(BlobRequestConditions? conditions) => new()
    {
        Conditions = conditions,
        TransferOptions = new StorageTransferOptions { InitialTransferSize = BlobLimits.OnePut, MaximumTransferSize = BlobLimits.OnePut, MaximumConcurrency = 1 },
    };

    private static BlobRequestConditions? ConditionsOf(PutCondition condition) => condition.Kind switch
    {
        PutConditionKind.IfAbsent => new BlobRequestConditions { IfNoneMatch = ETag.All },
        PutConditionKind.IfMatch => new BlobRequestConditions { IfMatch = Etag.Write(condition.Version!.Value) },
        _ => null,
    };
}
