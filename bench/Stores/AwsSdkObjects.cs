using Amazon.S3;
using Amazon.S3.Model;

namespace Coffer.Bench.Stores;

/// <summary>The AWS SDK used directly: what a thousand small requests cost without Coffer.</summary>
internal sealed class AwsSdkObjects(string url) : ISmallObjects
{
    private readonly string _bucket = StoreUrl.Parse(url).Host;
    private readonly string _prefix = StoreUrl.Parse(url).Path.Trim('/') + "/";
    private readonly AmazonS3Client _client = AwsSdkPeer.Connect(StoreUrl.Parse(url));

    public Task PutAsync(string name, string file, CancellationToken cancellationToken) =>
        _client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = _prefix + name, FilePath = file }, cancellationToken);

    public async IAsyncEnumerable<string> ListAsync()
    {
        await foreach (var entry in _client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix }).S3Objects)
            yield return entry.Key[_prefix.Length..];
    }

    public async Task<byte[]> GetAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = await _client.GetObjectAsync(_bucket, _prefix + name, cancellationToken);
        var content = new byte[answer.ContentLength];
        await answer.ResponseStream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
