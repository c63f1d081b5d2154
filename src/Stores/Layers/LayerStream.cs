namespace Coffer.Stores;

/// <summary>The content of a reader as a layer gives it on: everything passes through, and the layer overrides what it is for.</summary>
internal abstract class LayerStream(ObjectReader reader) : ReadOnlyStream
{
    public override long Length => reader.Length;

    /// <summary>The content inside.</summary>
    protected Stream Content => reader.Content;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Content.ReadAsync(buffer, cancellationToken);

    public override int Read(Span<byte> buffer) => Content.Read(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Content.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await base.DisposeAsync();
    }
}
