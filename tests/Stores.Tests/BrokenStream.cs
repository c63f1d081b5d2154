namespace Coffer.Stores.Tests;

/// <summary>A content that does something at one byte: fails, or waits.</summary>
internal sealed class BrokenStream(Stream inner, int at, Func<CancellationToken, ValueTask> then) : ReadOnlyStream
{
    private int _read;
    private bool _done;

    /// <summary>A reader whose content breaks off after some bytes.</summary>
    public static ObjectReader Break(ObjectReader reader, int at, StoreErrorKind kind) =>
        new(reader.Info, new BrokenStream(reader.Content, at, _ => throw ScriptedStore.Error(kind)), reader.Length, reader.Range);

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read == at && !_done)
        {
            _done = true;
            await then(cancellationToken);
        }
        var count = await inner.ReadAsync(_done ? buffer : buffer[..Math.Min(buffer.Length, at - _read)], cancellationToken);
        _read += count;
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
