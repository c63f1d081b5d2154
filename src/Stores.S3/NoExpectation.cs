using System.Net.Http;

namespace Coffer.Stores.S3;

/// <summary>
/// Takes away <c>Expect: 100-continue</c>, which the SDK puts on every put: a pooled connection is poisoned by a put that the server refused, and each waits for a go-ahead.
/// </summary>
internal sealed class NoExpectation(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.ExpectContinue = false;
        return base.SendAsync(request, cancellationToken);
    }
}
