namespace Coffer.Stores.Azure;

/// <summary>The content of a blob as it comes, with errors that name it.</summary>
internal sealed class BlobContent(Stream content, AzureErrors errors, StoreKey key) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e)
        {
            throw errors.From(e, StoreOperation.Read, key, cancellationToken);
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
            throw errors.From(e, StoreOperation.Read, key, CancellationToken.None);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        await base.DisposeAsync();
    }
}
