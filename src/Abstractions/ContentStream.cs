namespace Coffer;

/// <summary>The content of an object: exactly as long as the store said, or an exception.</summary>
internal sealed class ContentStream(Stream inner, long length, StoreKey key) : ReadOnlyStream
{
    private long _read;

    public override long Length => length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        return Count(await inner.ReadAsync(buffer, cancellationToken));
    }

    public override int Read(Span<byte> buffer) => buffer.IsEmpty ? 0 : Count(inner.Read(buffer));

    private int Count(int count)
    {
        _read += count;
        if (count == 0 ? _read < length : _read > length)
        {
            throw new StoreException(StoreErrorKind.Unavailable, count == 0
                ? $"The content of '{key}' ended after {_read} of {length} bytes."
                : $"The content of '{key}' is longer than the {length} bytes that the store announced.")
            { Operation = StoreOperation.Read, Key = key.Value };
        }
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
