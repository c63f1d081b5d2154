using Coffer.Vaults.Bodies;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

public class BodyReaderTests
{
    private const int C = 1 << 16;
    private const int P = PieceLayout.PieceSize;

    [Fact]
    public async Task Every_range_at_an_edge_is_the_same_part_of_the_plaintext()
    {
        var plaintext = Plaintext.OfLength(2 * P + 3 * C + 7);
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, plaintext);
        int[] edges = [0, 1, C - 1, C, C + 1, P - C, P - 1, P, P + 1, P + C, 2 * P - 1, 2 * P, 2 * P + 3 * C, plaintext.Length - 1, plaintext.Length];
        foreach (var from in edges)
        {
            foreach (var to in edges.Where(to => to >= from && (to - from <= 4 * C || from < 2)))
                await CheckAsync(body, pieces, plaintext, from, to - from);
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    public async Task Random_ranges_read_in_random_steps_are_the_same_part_of_the_plaintext(int chunkLog2)
    {
        var plaintext = Plaintext.OfLength(P + 5 * (1 << 20) / 2);
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, plaintext, isLengthKnown: chunkLog2 == 16);
        var reader = InMemory.Reader(body, pieces);
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var from = random.Next(plaintext.Length + 1);
            var length = random.Next(2) == 0 ? random.Next(200_000) : random.Next(3_000_000);
            var expected = plaintext.AsMemory(from, Math.Min(length, plaintext.Length - from));
            await using var stream = reader.OpenRead(from, length);
            Assert.Equal(expected.Length, stream.Length);
            var got = new byte[expected.Length];
            var position = 0;
            while (position < got.Length)
            {
                var count = await stream.ReadAsync(got.AsMemory(position, Math.Min(got.Length - position, 1 + random.Next(500_000))));
                Assert.NotEqual(0, count);
                position += count;
            }
            Assert.Equal(0, await stream.ReadAsync(new byte[1]));
            Assert.True(got.AsSpan().SequenceEqual(expected.Span), $"seed {seed}");
        }
        Assert.True(pieces.EveryReaderWasDisposed);
    }

    private static async Task CheckAsync(BodyDescriptor body, MemoryPieces pieces, byte[] plaintext, int from, int length)
    {
        var got = await InMemory.ReadAsync(body, pieces, from, length);
        Assert.True(got.AsSpan().SequenceEqual(plaintext.AsSpan(from, length)), $"from {from}, {length} bytes");
    }

    [Fact]
    public async Task A_range_reaches_no_further_than_the_body()
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, [1, 2, 3]);
        Assert.Equal([3], await InMemory.ReadAsync(body, pieces, 2, long.MaxValue));
        Assert.Empty(await InMemory.ReadAsync(body, pieces, 3));
        Assert.Empty(await InMemory.ReadAsync(body, pieces, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => InMemory.Reader(body, pieces).OpenRead(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => InMemory.Reader(body, pieces).OpenRead(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => InMemory.Reader(body, pieces).OpenRead(0, -1));
    }

    [Fact]
    public async Task A_whole_piece_is_one_request()
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, new byte[2 * P + 1]);
        await InMemory.ReadAsync(body, pieces);
        Assert.Equal([(0, 0, body.Layout.Piece(0).SealedLength), (1, 0, body.Layout.Piece(1).SealedLength), (2, 0, 17)], pieces.Requests);
    }

    [Fact]
    public async Task A_range_fetches_the_leaves_once_and_then_only_what_it_touches()
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, new byte[P + 10 * C]);
        var reader = InMemory.Reader(body, pieces);
        await ReadAsync(P - 1, 2 + 3 * C);
        Assert.Equal([(0, 0, 256 * 32), (0, body.Layout.Piece(0).ChunkOffset(255), C + 16), (1, 0, 10 * 32 + 4 * (C + 16))], pieces.Requests);
        pieces.Requests.Clear();
        await ReadAsync(P + 5 * C, 1);
        await ReadAsync(P, 1);
        await ReadAsync(5, 1);
        Assert.Equal([(1, 10 * 32 + 5 * (C + 16), C + 16), (1, 10 * 32, C + 16), (0, 256 * 32, C + 16)], pieces.Requests);

        async Task ReadAsync(long offset, long length)
        {
            await using var stream = reader.OpenRead(offset, length);
            await stream.CopyToAsync(Stream.Null);
        }
    }

    [Fact]
    public async Task Nothing_is_fetched_before_the_first_read()
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, new byte[5]);
        await using var stream = InMemory.Reader(body, pieces).OpenRead();
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Empty(pieces.Requests);
        Assert.Throws<NotSupportedException>(() => stream.ReadByte());
    }

    [Fact]
    public async Task Pieces_within_one_object_are_read_where_they_begin()
    {
        var plaintext = Plaintext.OfLength(3 * C);
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, plaintext);
        var (name, bytes) = pieces.Objects.Single();
        pieces.Objects[name] = [.. new byte[777], .. bytes, .. new byte[5]];
        var bundled = new BodyDescriptor(body.Key.ToArray(), body.Layout, [body.Pieces[0] with { Offset = 777 }]);
        Assert.Equal(plaintext, await InMemory.ReadAsync(bundled, pieces));
        Assert.Equal(plaintext[(C + 1)..(C + 9)], await InMemory.ReadAsync(bundled, pieces, C + 1, 8));
    }

    [Fact]
    public async Task A_read_that_failed_can_be_tried_again()
    {
        var plaintext = Plaintext.OfLength(5 * C);
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, plaintext);
        await using var stream = InMemory.Reader(body, pieces).OpenRead();
        var got = new byte[plaintext.Length];
        await stream.ReadExactlyAsync(got.AsMemory(0, 10));
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.ReadExactlyAsync(got));

        await using var second = InMemory.Reader(body, pieces).OpenRead();
        pieces.BeforeOpen = (_, _) => throw new StoreException(StoreErrorKind.Unavailable, "down");
        var error = await Assert.ThrowsAsync<StoreException>(async () => await second.ReadExactlyAsync(got));
        Assert.Equal(StoreErrorKind.Unavailable, error.Kind);
        pieces.BeforeOpen = (_, _) => ValueTask.CompletedTask;
        await second.ReadExactlyAsync(got);
        Assert.Equal(plaintext, got);
        Assert.True(pieces.EveryReaderWasDisposed);
    }

    [Fact]
    public async Task A_cancelled_read_goes_on_where_it_was()
    {
        var plaintext = Plaintext.OfLength(2 * P + 5);
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, plaintext);
        await using var stream = InMemory.Reader(body, pieces).OpenRead();
        var got = new byte[plaintext.Length];
        await stream.ReadExactlyAsync(got.AsMemory(0, P));
        using var cancellation = new CancellationTokenSource();
        pieces.BeforeOpen = async (_, token) =>
        {
            await cancellation.CancelAsync();
            token.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(got, cancellation.Token));
        pieces.BeforeOpen = (_, _) => ValueTask.CompletedTask;
        await stream.ReadExactlyAsync(got.AsMemory(P));
        Assert.True(got.AsSpan().SequenceEqual(plaintext));
    }

    [Fact]
    public async Task A_missing_object_is_the_store_s_error()
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, new byte[5]);
        pieces.BeforeOpen = (_, _) => throw new StoreException(StoreErrorKind.NotFound, "gone");
        Assert.Equal(StoreErrorKind.NotFound, (await Assert.ThrowsAsync<StoreException>(() => InMemory.ReadAsync(body, pieces))).Kind);
        var copy = async () => await InMemory.Reader(body, pieces).CopyToAsync(new MemorySink(5));
        Assert.Equal(StoreErrorKind.NotFound, (await Assert.ThrowsAsync<StoreException>(copy)).Kind);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("sink")]
    public async Task A_copy_fetches_no_more_pieces_than_there_is_memory_for(string stage)
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, new byte[5 * P]);
        var running = 0;
        var most = 0;
        var waits = new Queue<TaskCompletionSource>();
        async ValueTask WaitAsync()
        {
            most = Math.Max(most, ++running);
            var wait = new TaskCompletionSource();
            waits.Enqueue(wait);
            await wait.Task;
            running--;
        }
        if (stage == "open")
            pieces.BeforeOpen = (_, _) => WaitAsync();
        var sink = new MemorySink(5 * P) { BeforeWrite = _ => stage == "sink" ? WaitAsync() : ValueTask.CompletedTask };
        var copy = new BodyReader(body, pieces, new InPlaceWorkers(), new PiecePool(2)).CopyToAsync(sink).AsTask();
        for (var done = 0; done < 5; done++)
        {
            while (waits.Count == 0)
                await Task.Yield();
            waits.Dequeue().SetResult();
        }
        await copy;
        Assert.Equal(2, most);
        Assert.False(sink.IsWritten.AsSpan().Contains(false));
    }

    [Theory]
    [InlineData("open")]
    [InlineData("sink")]
    [InlineData("memory")]
    public async Task A_cancelled_copy_ends_and_gives_its_memory_back(string stage)
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, new byte[5 * P]);
        using var cancellation = new CancellationTokenSource();
        var pool = new PiecePool(2);
        var held = stage == "memory" ? await pool.RentAsync(PieceLayout.MaxSealedLength, CancellationToken.None) : null;
        async ValueTask WaitAsync(CancellationToken token)
        {
            if (stage != "memory")
                await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        }
        pieces.BeforeOpen = (_, token) => stage == "open" || stage == "memory" ? WaitAsync(token) : ValueTask.CompletedTask;
        var sink = new MemorySink(5 * P) { BeforeWrite = WaitAsync };
        var copy = new BodyReader(body, pieces, new InPlaceWorkers(), pool).CopyToAsync(sink, cancellationToken: cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy);
        held?.Dispose();
        using var first = await pool.RentAsync(PieceLayout.MaxSealedLength, CancellationToken.None);
        using var second = await pool.RentAsync(PieceLayout.MaxSealedLength, CancellationToken.None);
        Assert.True(pieces.EveryReaderWasDisposed);
    }

    [Fact]
    public async Task A_failing_sink_fails_the_copy()
    {
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, new byte[3 * P]);
        var sink = new MemorySink(3 * P) { BeforeWrite = _ => throw new IOException("The disk is full.") };
        await Assert.ThrowsAsync<IOException>(async () => await InMemory.Reader(body, pieces).CopyToAsync(sink));
        Assert.True(pieces.EveryReaderWasDisposed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_is_copied_into_a_file(bool isLengthKnown)
    {
        var plaintext = Plaintext.OfLength(P + 12_345);
        var pieces = new MemoryPieces();
        var body = await InMemory.WriteAsync(pieces, plaintext, isLengthKnown);
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, options: FileOptions.Asynchronous))
                await new BodyReader(body, pieces, ThreadPoolWorkers.Instance, new PiecePool()).CopyToAsync(new FileBodySink(file));
            Assert.True((await File.ReadAllBytesAsync(path)).AsSpan().SequenceEqual(plaintext));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
