namespace Coffer.Testing;

internal static class LargeBodyCases
{
    /// <summary>What may be held of a large body, on top of what was held before: a quarter of the usual size, for parts in flight and buffers.</summary>
    private const long MostHeld = 64L << 20;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("A_large_seekable_body_goes_up_and_down_in_bounded_memory", StoreConformance.Always, (context, token) => RunAsync(context, seekable: true, known: true, token)),
        new("A_large_stream_with_a_length_goes_up_and_down_in_bounded_memory", StoreConformance.Always, (context, token) => RunAsync(context, seekable: false, known: true, token)),
        new("A_large_stream_without_a_length_goes_up_and_down_in_bounded_memory", StoreConformance.Always, (context, token) => RunAsync(context, seekable: false, known: false, token)),
    ];

    private static async Task RunAsync(ConformanceContext context, bool seekable, bool known, CancellationToken cancellationToken)
    {
        var (key, size) = (context.Key("large"), context.LargeBody);
        var memory = new MemoryWatch(context.HasBoundedMemory, size);
        var source = new PatternStream(11, size, seekable, memory.Look);
        await context.Store.PutAsync(key, ObjectBody.FromStream(source, known ? size : null), cancellationToken: cancellationToken);
        Expect.Equal(size, (await context.Store.StatAsync(key, cancellationToken))?.Size, "the size of the large object");

        memory = new MemoryWatch(context.HasBoundedMemory, size);
        await using (var reader = await context.Store.OpenReadAsync(key, cancellationToken: cancellationToken))
        {
            var (found, expected) = (new byte[1 << 20], new byte[1 << 20]);
            var position = 0L;
            while (await reader.Content.ReadAsync(found, cancellationToken) is var count and > 0)
            {
                Pattern.Fill(11, position, expected.AsSpan(0, count));
                Expect.Bytes(expected.AsMemory(0, count), found.AsMemory(0, count), $"the part from byte {position} on");
                position += count;
                memory.Look(position);
            }
            Expect.Equal(size, position, "the number of bytes that were read");
        }
        await context.Store.DeleteAsync(key, cancellationToken);
    }

    /// <summary>Looks, when most of the body has passed, how much memory is alive: what was read and is not needed any more is collected first.</summary>
    private sealed class MemoryWatch(bool isBounded, long size)
    {
        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private bool _looked;

        public void Look(long position)
        {
            if (_looked || !isBounded || position < size / 10 * 9)
                return;
            _looked = true;
            var held = GC.GetTotalMemory(forceFullCollection: true) - _before;
            Expect.That(held < MostHeld, $"when {position} bytes have passed, at most {MostHeld} of them are held (here: {held})");
        }
    }
}
