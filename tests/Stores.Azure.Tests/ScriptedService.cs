using System.Collections.Concurrent;
using System.Net;

namespace Coffer.Stores.Azure.Tests;

/// <summary>A service that answers as the test says: for what no real one can be made to do.</summary>
internal sealed class ScriptedService(Func<HttpRequestMessage, int, HttpResponseMessage> answer) : HttpMessageHandler
{
    private int _count;

    public ConcurrentQueue<HttpRequestMessage> Requests { get; } = new();

    /// <summary>A store that talks to it with an account key, unless other options are given.</summary>
    public AzureStore Open(AzureStoreOptions? options = null, TimeProvider? time = null) => new(options ?? Options, time ?? TimeProvider.System, this);

    public static AzureStoreOptions Options { get; } = new() { Account = "account", Container = "container", AccountKey = Convert.ToBase64String(new byte[64]), BlockSize = 1 << 20 };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
            await content.CopyToAsync(Stream.Null, cancellationToken);
        Requests.Enqueue(request);
        var response = answer(request, Interlocked.Increment(ref _count) - 1);
        response.RequestMessage = request;
        return response;
    }

    public static HttpResponseMessage Error(int status, string? code = null, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent([]) };
        if (code is not null)
            response.Headers.Add("x-ms-error-code", code);
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    /// <summary>What a put gets that went well.</summary>
    public static HttpResponseMessage Created()
    {
        var response = Error(201, null, ("ETag", "\"0x1\""), ("x-ms-request-server-encrypted", "true"), ("Date", DateTimeOffset.UtcNow.ToString("r")));
        response.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        return response;
    }

    /// <summary>The answer to a read.</summary>
    public static HttpResponseMessage Content(HttpContent content, string? range = null)
    {
        var response = Error(range is null ? 200 : 206, null, ("ETag", "\"0x1\""), ("x-ms-blob-type", "BlockBlob"), ("Date", DateTimeOffset.UtcNow.ToString("r")));
        response.Content = content;
        content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        if (range is not null)
            content.Headers.TryAddWithoutValidation("Content-Range", range);
        return response;
    }
}
