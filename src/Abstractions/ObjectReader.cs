namespace Coffer;

/// <summary>An object being read. Dispose it, also when the content was not read to its end.</summary>
public sealed class ObjectReader : IAsyncDisposable
{
    /// <param name="info">What the store said of the object in the response that the content comes from.</param>
    /// <param name="content">The content; it belongs to the reader from now on.</param>
    /// <param name="length">How many bytes the content must have; a stream that ends before fails while it is read.</param>
    /// <param name="range">The range that was asked for; null for the whole object.</param>
    public ObjectReader(ObjectInfo info, Stream content, long length, ByteRange? range = null)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(content);
        Info = info;
        Length = length;
        Range = range;
        Content = new ContentStream(content, length, info.Key);
    }

    /// <summary>What the store said of the whole object in the response that the content comes from.</summary>
    public ObjectInfo Info { get; }

    /// <summary>The content: <see cref="Length"/> bytes, or an exception. Forward only.</summary>
    public Stream Content { get; }

    /// <summary>The length of the content, in bytes.</summary>
    public long Length { get; }

    /// <summary>The range that was asked for; null for the whole object.</summary>
    public ByteRange? Range { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
