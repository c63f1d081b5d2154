using System.Net.Http;

namespace Coffer.Stores.S3;

/// <summary>
/// Tells a connection that was not made within <see cref="SocketsHttpHandler.ConnectTimeout"/> as what it is: .NET has no error of its own for it, and the SDK drops what tells it from
/// a request that was sent.
/// </summary>
internal sealed class ConnectionLimit(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException late && !cancellationToken.IsCancellationRequested)
        {
            // The limit of a whole request would look the same; it belongs to the client, which lies outside of this and has none.
            throw new HttpRequestException(HttpRequestError.ConnectionError, late.Message, exception);
        }
    }
}
