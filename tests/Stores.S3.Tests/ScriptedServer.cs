using System.Net;
using System.Net.Http;
using System.Text;

namespace Coffer.Stores.S3.Tests;

/// <summary>A server that answers as a test says, without a network: for what no server here can be made to do. Notes what it was asked.</summary>
internal sealed class ScriptedServer(Func<HttpRequestMessage, string, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<string> _requests = [];

    /// <summary>Every request: its method, its path and query, and the condition that it names.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public S3Store Open(Func<S3StoreOptions, S3StoreOptions>? change = null)
    {
        var options = new S3StoreOptions { Bucket = "b", Endpoint = new Uri("http://server"), Region = "us-east-1", AccessKeyId = "id", SecretAccessKey = "secret" };
        return new S3Store(change is null ? options : change(options), this);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.NotEqual(true, request.Headers.ExpectContinue);
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (_lock)
            _requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery} {Header(request, "If-None-Match")}{Header(request, "If-Match")}".TrimEnd());
        var response = answer(request, body);
        response.RequestMessage = request;
        return response;
    }

    public static string? Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    public static HttpResponseMessage Ok(string etag = "\"0123\"", string content = "")
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(content, Encoding.UTF8, "application/xml") };
        answer.Headers.TryAddWithoutValidation("ETag", etag);
        answer.Headers.TryAddWithoutValidation("Date", "Sun, 22 Nov 2026 12:00:00 GMT");
        return answer;
    }

    public static HttpResponseMessage Error(int status, string code, string message = "as scripted") => new((HttpStatusCode)status)
    {
        Content = new StringContent($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message><RequestId>r1</RequestId></Error>", Encoding.UTF8, "application/xml"),
    };
}
