using Coffer.Testing;
using Coffer.Vaults.Bodies;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

public class BodyWriterTests
{
    private const int KiB = 1 << 10;
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64 * KiB - 1)]
    [InlineData(64 * KiB)]
    [InlineData(64 * KiB + 1)]
    [InlineData(MiB - 1)]
    [InlineData(MiB)]
    [InlineData(MiB + 1)]
    [InlineData(16 * MiB - 1)]
    [InlineData(16 * MiB)]
    [InlineData(16 * MiB + 1)]
    [InlineData(32 * MiB)]
    public async Task What_was_written_is_read_again(int length)
    {
        var plaintext = Plaintext.OfLength(length);
        foreach (var isLengthKnown in new[] { true, false })
        {
            var pieces = new MemoryPieces();
            var body = await InMemory.WriteAsync(pieces, plaintext, isLengthKnown);
            Assert.Equal(length, body.Length);
            Assert.Equal(isLengthKnown ? 16 : 20, body.ChunkLog2);
            Assert.Equal(body.Layout.PieceCount, pieces.Objects.Count);
            for (var index = 0; index < body.Pieces.Count; index++)
                Assert.Equal(body.Layout.Piece(index).SealedLength, pieces.Objects[body.Pieces[index].Object!.Value].Length);
            Assert.True((await InMemory.ReadAsync(body, pieces)).AsSpan().SequenceEqual(plaintext));
            Assert.True(pieces.EveryReaderWasDisposed);
            var sink = new MemorySink(length);
            await InMemory.Reader(body, pieces).CopyToAsync(sink);
            Assert.True(sink.Bytes.AsSpan().SequenceEqual(plaintext));
            Assert.True(pieces.EveryReaderWasDisposed);
        }
    }

    [Theory]
    [InlineData(64L * MiB, 16)]
    [InlineData(64L * MiB + 1, 20)]
    public async Task A_body_above_64_MiB_has_large_chunks(long length, int chunkLog2)
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.Writer().WriteAsync(new GeneratedStream(length), length, pieces);
        Assert.Equal(chunkLog2, body.ChunkLog2);
        Assert.Equal(length > 64 * MiB ? 5 : 4, pieces.Objects.Count);
        await using var stream = InMemory.Reader(body, pieces).OpenRead();
        var buffer = new byte[3 * MiB];
        long total = 0;
        for (int count; (count = await stream.ReadAsync(buffer)) > 0; total += count)
            Assert.Equal(-1, buffer.AsSpan(0, count).IndexOfAnyExcept((byte)0));
        Assert.Equal(length, total);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_sealed_for_an_empty_body(bool isLengthKnown)
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, [], isLengthKnown);
        Assert.Same(BodyDescriptor.Empty, body);
        Assert.Empty(pieces.Objects);
        Assert.Empty(await InMemory.ReadAsync(body, pieces));
        await InMemory.Reader(body, pieces).CopyToAsync(new MemorySink(0));
        Assert.Empty(pieces.Requests);
    }

    [Theory]
    [InlineData(300_000, true)]
    [InlineData(20_000_000, true)]
    [InlineData(300_000, false)]
    [InlineData(20_000_000, false)]
    public async Task A_source_that_trickles_gives_the_same_bytes(int length, bool isLengthKnown)
    {
        var plaintext = Plaintext.OfLength(length);
        var whole = new MemoryPieces();
        var trickled = new MemoryPieces();
        var body = await InMemory.WriteAsync(whole, plaintext, isLengthKnown);
        var other = await InMemory.Writer().WriteAsync(new TricklingStream(plaintext, 5), isLengthKnown ? length : null, trickled);
        Assert.Equal(body.Pieces, other.Pieces);
        foreach (var (name, bytes) in whole.Objects)
            Assert.True(trickled.Objects[name].AsSpan().SequenceEqual(bytes));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(100_000, 99_999)]
    [InlineData(100_000, 100_001)]
    [InlineData(16 * MiB, 16 * MiB + 1)]
    [InlineData(16 * MiB + 1, 16 * MiB)]
    [InlineData(32 * MiB, 5)]
    public async Task A_source_of_another_length_than_announced_fails(int announced, int actual)
    {
        var error = await Assert.ThrowsAsync<SourceLengthException>(
            async () => await InMemory.Writer().WriteAsync(new GeneratedStream(actual), announced, new MemoryPieces()));
        Assert.Equal(announced, error.Announced);
        Assert.Equal(actual < announced ? actual : null, error.Actual);
    }

    [Fact]
    public async Task Every_body_has_a_key_of_its_own()
    {
        var pieces = new MemoryPieces();
        var writer = InMemory.Writer();
        var first = await writer.WriteAsync(new MemoryStream([1]), 1, pieces);
        var second = await writer.WriteAsync(new MemoryStream([1]), 1, new MemoryPieces());
        Assert.False(first.Key.SequenceEqual(second.Key));
        Assert.NotEqual(first.Pieces[0].Root, second.Pieces[0].Root);
    }

    [Fact]
    public async Task No_more_pieces_are_read_than_there_is_memory_for()
    {
        var puts = new SortedDictionary<int, TaskCompletionSource>();
        var pieces = new MemoryPieces
        {
            BeforePut = async (index, _, _) =>
            {
                puts[index] = new TaskCompletionSource();
                await puts[index].Task;
            },
        };
        var source = new GeneratedStream(6 * 16 * MiB);
        // Everything here runs in place, so WriteAsync comes back when it has to wait: for memory.
        var write = Detached(() => InMemory.Writer(pieces: 2).WriteAsync(source, 6 * 16 * MiB, pieces).AsTask());
        Assert.Equal(2 * 16 * MiB, source.Given);
        Assert.Equal([0, 1], puts.Keys);
        for (var done = 0; done < 6; done++)
        {
            while (puts.Count <= done)
                await Task.Yield();
            Assert.InRange(source.Given, 0, (done + 2) * 16L * MiB);
            puts[done].SetResult();
        }
        Assert.Equal(6, (await write).Pieces.Count);
    }

    [Fact]
    public async Task A_piece_that_is_being_put_stays_as_it_is()
    {
        var gate = new TaskCompletionSource();
        var pieces = new MemoryPieces
        {
            BeforePut = async (index, bytes, _) =>
            {
                if (index > 0)
                    return;
                var before = bytes.ToArray();
                await gate.Task;
                Assert.True(bytes.Span.SequenceEqual(before));
            },
        };
        var write = Detached(() => InMemory.Writer(pieces: 2).WriteAsync(new GeneratedStream(5 * 16 * MiB), null, pieces).AsTask());
        while (pieces.Objects.Count < 4)
            await Task.Yield();
        gate.SetResult();
        Assert.Equal(5, (await write).Pieces.Count);
    }

    [Fact]
    public async Task A_failed_put_fails_the_write_and_stops_the_others()
    {
        var stopped = 0;
        var pieces = new MemoryPieces
        {
            BeforePut = async (index, _, token) =>
            {
                if (index == 2)
                    throw new StoreException(StoreErrorKind.QuotaExceeded, "full");
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    stopped++;
                }
            },
        };
        var source = new GeneratedStream(1L << 40);
        var error = await Assert.ThrowsAsync<StoreException>(async () => await InMemory.Writer().WriteAsync(source, 1L << 40, pieces));
        Assert.Equal(StoreErrorKind.QuotaExceeded, error.Kind);
        Assert.Equal(2, stopped);
        Assert.InRange(source.Given, 0, 4L * 16 * MiB);
        Assert.Empty(pieces.Objects);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("memory")]
    [InlineData("put")]
    [InlineData("before")]
    public async Task A_cancelled_write_ends_and_gives_its_memory_back(string stage)
    {
        using var cancellation = new CancellationTokenSource();
        var pool = new PiecePool(2);
        var pieces = new MemoryPieces
        {
            BeforePut = async (index, _, token) =>
            {
                if (stage == "put" && index == 1)
                    await cancellation.CancelAsync();
                if (stage == "memory" || index == 1)
                    await Task.Delay(Timeout.Infinite, token);
            },
        };
        Stream source = stage == "source" ? new EndlessWait() : new GeneratedStream(1L << 40);
        if (stage == "before")
            await cancellation.CancelAsync();
        var write = Detached(() => new BodyWriter(new SeededRandom(1), new InPlaceWorkers(), pool)
            .WriteAsync(source, 1L << 40, pieces, cancellationToken: cancellation.Token).AsTask());
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        Assert.Equal(cancellation.Token, error.CancellationToken);
        using var first = await pool.RentAsync(PieceLayout.MaxSealedLength, CancellationToken.None);
        using var second = await pool.RentAsync(PieceLayout.MaxSealedLength, CancellationToken.None);
    }

    [Fact]
    public async Task A_failing_source_fails_the_write()
    {
        var pieces = new MemoryPieces();
        await Assert.ThrowsAsync<IOException>(async () => await InMemory.Writer().WriteAsync(new BrokenStream(20 * MiB), null, pieces));
        Assert.Single(pieces.Objects);
    }

    [Fact]
    public async Task Progress_grows_to_the_length()
    {
        var reports = new ProgressLog();
        await InMemory.Writer().WriteAsync(new GeneratedStream(40 * MiB), 40 * MiB, new MemoryPieces(), reports);
        Assert.Equal([16 * MiB, 32 * MiB, 40 * MiB], reports.Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(200_000)]
    public async Task A_body_sealed_in_memory_is_the_same_as_one_that_was_put(int length)
    {
        var plaintext = Plaintext.OfLength(length);
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, plaintext);
        var small = BodyWriter.SealSmall(plaintext, body.Key);
        Assert.Equal(body.Pieces[0].Root, small.Root);
        Assert.Equal(pieces.Objects.Single().Value, small.Bytes);
    }

    [Fact]
    public void A_body_sealed_in_memory_has_a_byte_and_no_more_than_a_piece()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BodyWriter.SealSmall([], new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => BodyWriter.SealSmall(new byte[PieceLayout.PieceSize + 1], new byte[32]));
    }

    [Fact]
    public async Task Pieces_sealed_on_all_cores_are_those_sealed_in_place()
    {
        var inPlace = new MemoryPieces();
        var parallel = new MemoryPieces();
        var plaintext = Plaintext.OfLength(34 * MiB);
        var body = await InMemory.WriteAsync(inPlace, plaintext);
        var writer = new BodyWriter(new SeededRandom(1), ThreadPoolWorkers.Instance, new PiecePool());
        var other = await writer.WriteAsync(new MemoryStream(plaintext), plaintext.Length, parallel);
        Assert.Equal(body.Pieces, other.Pieces);
        var sink = new MemorySink(plaintext.Length);
        await new BodyReader(other, parallel, ThreadPoolWorkers.Instance, new PiecePool()).CopyToAsync(sink);
        Assert.True(sink.Bytes.AsSpan().SequenceEqual(plaintext));
    }

    /// <summary>Runs without the test framework's context, so that the test sees what runs in place.</summary>
    private static Task<T> Detached<T>(Func<Task<T>> start)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return start();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private sealed class EndlessWait : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    private sealed class BrokenStream(long length) : ReadOnlyStream
    {
        private readonly GeneratedStream _inner = new(length);

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await _inner.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("The disk is gone.");
    }
}
