namespace Coffer;

/// <summary>
/// The stream of an <see cref="ObjectBody"/>: reports progress, and fails when its source has another length than was named, before its end is reported.
/// </summary>
internal sealed class BodyStream(Stream inner, long? length, IProgress<long>? progress, bool leaveOpen) : ReadOnlyStream
{
    private long _read;

    public override bool CanSeek => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        var count = await inner.ReadAsync(buffer, cancellationToken);
        return Count(count);
    }

    public override int Read(Span<byte> buffer) => buffer.IsEmpty ? 0 : Count(inner.Read(buffer));

    private int Count(int count)
    {
        _read += count;
        if (length is { } expected && (count == 0 ? _read < expected : _read > expected))
        {
            throw new StoreException(StoreErrorKind.Unexpected, count == 0
                ? $"The source ended after {_read} bytes of the {expected} that were announced. Nothing was stored."
                : $"The source has more than the {expected} bytes that were announced. Nothing was stored.")
            { Operation = StoreOperation.Put };
        }
        if (count > 0)
            progress?.Report(_read);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
            inner.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        if (!leaveOpen)
            await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
