namespace Coffer.Stores.Tests;

/// <summary>A stream that cannot seek and has no length, as a pipe.</summary>
internal sealed class OneWayStream(byte[] bytes) : ReadOnlyStream
{
    private readonly ReadOnlyMemoryStream _inner = new(bytes);

    public Action<int>? OnRead { get; init; }

    public override int Read(Span<byte> buffer)
    {
        var count = _inner.Read(buffer[..Math.Min(buffer.Length, 4096)]);
        OnRead?.Invoke(count);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Read(buffer.Span);
    }
}
