namespace Coffer.Vaults.Files;

/// <summary>Bytes that were read ahead, and the rest of the stream that they came from, which stays open.</summary>
internal sealed class ConcatenatedStream(ReadOnlyMemory<byte> start, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _start = start;

    public override int Read(Span<byte> buffer) => _start.Length > 0 ? TakeStart(buffer) : rest.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _start.Length > 0 ? ValueTask.FromResult(TakeStart(buffer.Span)) : rest.ReadAsync(buffer, cancellationToken);

    private int TakeStart(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _start.Length);
        _start.Span[..count].CopyTo(buffer);
        _start = _start[count..];
        return count;
    }
}
