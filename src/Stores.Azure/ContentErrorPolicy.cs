using Azure.Core;
using Azure.Core.Pipeline;

namespace Coffer.Stores.Azure;

/// <summary>
/// Gives a broken content to its reader. The SDK would open it again by itself, up to five times and whatever its options for retries say; but what goes on after
/// a break, and whether it may, is the business of the layer that retries.
/// </summary>
internal sealed class ContentErrorPolicy : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        Wrap(message);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        Wrap(message);
    }

    private static void Wrap(HttpMessage message)
    {
        if (!message.BufferResponse && !message.Response.IsError && message.Response.ContentStream is { CanSeek: false } content)
            message.Response.ContentStream = new BreakingContent(content);
    }

    /// <summary>A content whose errors the SDK does not know, and so gives on. Its reader says what was read.</summary>
    private sealed class BreakingContent(Stream content) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await content.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new StoreException(StoreErrorKind.Unavailable, e.Message, e);
            }
        }

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return content.Read(buffer);
            }
            catch (Exception e)
            {
                throw new StoreException(StoreErrorKind.Unavailable, e.Message, e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                content.Dispose();
            base.Dispose(disposing);
        }
    }
}
