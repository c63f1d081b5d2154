using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Transfer;

namespace Coffer.Bench.Stores;

/// <summary>
/// The AWS SDK used directly, at the best that was found for it: its transfer utility with parts of 8 MiB, four at a time, for the put, and one plain download for the
/// get, which on loopback beats its download in parts. Larger buffers than the SDK's 8 KiB, and no checksums beside the signature.
/// </summary>
internal sealed class AwsSdkPeer(string url) : IStorePeer
{
    private readonly StoreUrl _url = StoreUrl.Parse(url);

    public string Name => "AWS SDK";

    public async Task PutAsync(string file, string name)
    {
        using var client = Connect(_url);
        using var transfer = new TransferUtility(client, new TransferUtilityConfig { ConcurrentServiceRequests = 4 });
        await transfer.UploadAsync(new TransferUtilityUploadRequest { BucketName = _url.Host, Key = KeyOf(name), FilePath = file, PartSize = 8 << 20 });
    }

    public async Task GetAsync(string name, string file)
    {
        using var client = Connect(_url);
        using var answer = await client.GetObjectAsync(_url.Host, KeyOf(name));
        await using var output = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 });
        await answer.ResponseStream.CopyToAsync(output, 1 << 20);
    }

    private string KeyOf(string name) => $"{_url.Path.Trim('/')}/{name}";

    public static AmazonS3Client Connect(StoreUrl url) => new(new AmazonS3Config
    {
        ServiceURL = url.Options["endpoint"],
        AuthenticationRegion = url.Options["region"],
        ForcePathStyle = true,
        BufferSize = 80 << 10,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });
}
