namespace Coffer.Stores;

/// <summary>
/// The content of an object, which is opened again at the byte where it stopped when it breaks off. Only asynchronous reads resume: a synchronous one cannot
/// wait, and gives the error on.
/// </summary>
internal sealed class ResumingStream(RetryStore store, RetryPipeline pipeline, ObjectReader first) : ReadOnlyStream
{
    private readonly ObjectInfo _info = first.Info;
    private readonly long _start = first.Range?.Offset ?? 0;
    private readonly long _length = first.Length;
    private ObjectReader? _reader = first;
    private long _read;

    public override long Length => _length;

    /// <summary>Whether what is opened now is sure to be the object that was opened first; before the first byte it may be another one that looks the same.</summary>
    private bool CanResume => _read < _length && (_read == 0 || HasStrongVersion);

    private bool HasStrongVersion => store.Capabilities.StrongVersions && _info.Version is not null;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await pipeline.RunAsync(
            static (s, token) => s.stream.AttemptAsync(s.buffer, token), (stream: this, buffer), _ => CanResume, cancellationToken);
        _read += count;
        return count;
    }

    private async ValueTask<int> AttemptAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _reader ??= await ReopenAsync(cancellationToken);
        try
        {
            return await _reader.Content.ReadAsync(buffer, cancellationToken);
        }
        catch (StoreException e) when (e.IsTransient && CanResume)
        {
            // Before the wait, and before the next one is opened: what it holds, a permit or a connection, may be what that one needs.
            await DisposeReaderAsync();
            throw;
        }
    }

    private async ValueTask<ObjectReader> ReopenAsync(CancellationToken cancellationToken)
    {
        ObjectReader reader;
        try
        {
            reader = await store.OpenPartAsync(_info.Key, new ByteRange(_start + _read, _length - _read), cancellationToken);
        }
        catch (StoreException e) when (e.Kind == StoreErrorKind.RangeNotSatisfiable)
        {
            throw Changed(e);
        }
        var same = reader.Length == _length - _read && reader.Info.Size == _info.Size && reader.Info.Version == _info.Version;
        if (same && (HasStrongVersion || reader.Info.LastModified == _info.LastModified))
            return reader;
        await reader.DisposeAsync();
        throw Changed(null);
    }

    private StoreException Changed(Exception? inner) =>
        new(StoreErrorKind.ConditionFailed, $"'{_info.Key}' was replaced after {_read} of its {_length} bytes had been read. Read it again from the beginning.", inner)
        {
            Operation = StoreOperation.Read,
            Key = _info.Key.Value,
            StoreName = store.Name,
        };

    public override int Read(Span<byte> buffer)
    {
        var reader = _reader ?? throw new InvalidOperationException("The content broke off. Read it asynchronously, which goes on where it stopped.");
        var count = reader.Content.Read(buffer);
        _read += count;
        return count;
    }

    private async ValueTask DisposeReaderAsync()
    {
        var reader = _reader;
        _reader = null;
        if (reader is not null)
            await reader.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _reader?.Content.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await DisposeReaderAsync();
        await base.DisposeAsync();
    }
}
