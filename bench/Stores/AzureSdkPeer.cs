using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Coffer.Bench.Stores;

/// <summary>
/// The Azure SDK used directly, tuned: blocks of 8 MiB, four at a time, for the put, and one plain streaming download for the get.
/// </summary>
internal sealed class AzureSdkPeer(string url) : IStorePeer
{
    private readonly StoreUrl _url = StoreUrl.Parse(url);

    public string Name => "Azure SDK";

    public async Task PutAsync(string file, string name)
    {
        var options = new BlobUploadOptions
        {
            TransferOptions = new StorageTransferOptions { InitialTransferSize = 8 << 20, MaximumTransferSize = 8 << 20, MaximumConcurrency = 4 },
        };
        await Blob(name).UploadAsync(file, options);
    }

    public async Task GetAsync(string name, string file)
    {
        using var answer = (await Blob(name).DownloadStreamingAsync()).Value;
        await using var output = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 });
        await answer.Content.CopyToAsync(output, 1 << 20);
    }

    /// <summary>The container of a URL, and what the names in it begin with.</summary>
    public static (BlobContainerClient Container, string Prefix) Connect(StoreUrl url)
    {
        var (container, prefix) = url.Path.Trim('/').Split('/', 2) is [var first, var rest] ? (first, rest + "/") : (url.Path.Trim('/'), "");
        return (new BlobContainerClient(Environment.GetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING"), container), prefix);
    }

    private BlobClient Blob(string name)
    {
        var (container, prefix) = Connect(_url);
        return container.GetBlobClient(prefix + name);
    }
}
