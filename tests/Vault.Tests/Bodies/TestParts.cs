using Coffer.Vaults.Bodies;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

/// <summary>Work in place, as a simulation does it.</summary>
internal sealed class InPlaceWorkers : IWorkers
{
    public int Count => 1;

    public ValueTask RunAsync(Action work, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        work();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Bytes that follow from a seed.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
}

/// <summary>A stream of so many zero bytes, without the memory.</summary>
internal sealed class GeneratedStream(long length) : ReadOnlyStream
{
    public long Given { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - Given);
        buffer[..count].Clear();
        Given += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }
}

/// <summary>A stream that gives a few bytes at a time, as a pipe does.</summary>
internal sealed class TricklingStream(byte[] bytes, int seed) : ReadOnlyStream
{
    private readonly Random _random = new(seed);
    private int _position;

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(Math.Min(buffer.Length, bytes.Length - _position), 1 + _random.Next(100_000));
        bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
}

/// <summary>Takes a body into memory and remembers which bytes it got.</summary>
internal sealed class MemorySink(long length) : IBodySink
{
    private readonly Lock _lock = new();

    public byte[] Bytes { get; } = new byte[length];

    public bool[] IsWritten { get; } = new bool[length];

    public Func<CancellationToken, ValueTask> BeforeWrite { get; init; } = _ => ValueTask.CompletedTask;

    public async ValueTask WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        await BeforeWrite(cancellationToken);
        lock (_lock)
        {
            foreach (var part in parts)
            {
                part.CopyTo(Bytes.AsMemory((int)offset));
                Assert.False(IsWritten.AsSpan((int)offset, part.Length).Contains(true));
                IsWritten.AsSpan((int)offset, part.Length).Fill(true);
                offset += part.Length;
            }
        }
    }
}

/// <summary>Writes and reads bodies with parts that work in place.</summary>
internal static class InMemory
{
    public static BodyWriter Writer(int pieces = PiecePool.DefaultPieces, int seed = 1) => new(new SeededRandom(seed), new InPlaceWorkers(), new PiecePool(pieces));

    public static BodyReader Reader(BodyDescriptor body, IPieceSource pieces) => new(body, pieces, new InPlaceWorkers(), new PiecePool());

    public static async Task<BodyDescriptor> WriteAsync(MemoryPieces pieces, byte[] plaintext, bool isLengthKnown = true, int seed = 1) =>
        await Writer(seed: seed).WriteAsync(new MemoryStream(plaintext), isLengthKnown ? plaintext.Length : null, pieces);

    public static async Task<byte[]> ReadAsync(BodyDescriptor body, IPieceSource pieces, long offset = 0, long? length = null)
    {
        await using var stream = Reader(body, pieces).OpenRead(offset, length);
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
