using Coffer.Vaults.Bodies;
using Xunit;

namespace Coffer.Vaults.Tests.Bodies;

public class PiecePoolTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Full_buffers_wait_for_each_other_and_are_used_again()
    {
        var pool = new PiecePool(2);
        var first = await pool.RentAsync(PieceLayout.MaxSealedLength, None);
        using var second = await pool.RentAsync(PieceLayout.MaxSealedLength, None);
        var third = pool.RentAsync(PieceLayout.MaxSealedLength, None).AsTask();
        Assert.False(third.IsCompleted);
        first.Memory.Span[0] = 42;
        first.Dispose();
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
        using var reused = await third;
        Assert.Equal(42, reused.Memory.Span[0]);
        Assert.Equal(PieceLayout.MaxSealedLength, reused.Memory.Length);
        Assert.False(pool.RentAsync(1, None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Short_pieces_are_many_at_a_time_and_not_without_end()
    {
        var pool = new PiecePool(1);
        var rented = new List<PieceBuffer>();
        while (true)
        {
            var rent = pool.RentAsync(100_000, None).AsTask();
            if (!rent.IsCompleted)
                break;
            rented.Add(await rent);
            Assert.Equal(100_000, rented[^1].Memory.Length);
        }
        Assert.Equal(PieceLayout.MaxSealedLength / (128 << 10), rented.Count);
    }

    [Fact]
    public async Task A_buffer_is_no_longer_than_a_piece()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await new PiecePool(1).RentAsync(PieceLayout.MaxSealedLength + 1, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await new PiecePool(1).RentAsync(0, None));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PiecePool(0));
    }

    [Fact]
    public async Task Buffers_of_an_idle_pool_do_not_keep_their_memory()
    {
        var pool = new PiecePool(1);
        var array = await RentAndReturnAsync(pool);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(array.TryGetTarget(out _));
        using var again = await pool.RentAsync(PieceLayout.MaxSealedLength, None);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static async Task<WeakReference<byte[]>> RentAndReturnAsync(PiecePool pool)
    {
        using var buffer = await pool.RentAsync(PieceLayout.MaxSealedLength, None);
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(buffer.Memory, out var segment));
        return new WeakReference<byte[]>(segment.Array!);
    }
}
