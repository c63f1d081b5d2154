using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Coffer.Bench.Stores;

/// <summary>The Azure SDK used directly: what a thousand small requests cost without Coffer.</summary>
internal sealed class AzureSdkObjects : ISmallObjects
{
    private readonly BlobContainerClient _container;
    private readonly string _prefix;

    public AzureSdkObjects(string url) => (_container, _prefix) = AzureSdkPeer.Connect(StoreUrl.Parse(url));

    public async Task PutAsync(string name, string file, CancellationToken cancellationToken) =>
        await _container.GetBlobClient(_prefix + name).UploadAsync(file, overwrite: true, cancellationToken);

    public async IAsyncEnumerable<string> ListAsync()
    {
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, _prefix, CancellationToken.None))
            yield return blob.Name[_prefix.Length..];
    }

    public async Task<byte[]> GetAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = (await _container.GetBlobClient(_prefix + name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
        var content = new byte[answer.Details.ContentLength];
        await answer.Content.ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
