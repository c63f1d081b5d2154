namespace Coffer.Testing;

internal static class RangeCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("A_range_gives_its_bytes_and_is_cut_at_the_end", StoreConformance.Always, RangesAsync),
        new("A_range_behind_the_end_is_RangeNotSatisfiable", StoreConformance.Always, BehindTheEndAsync),
        new("An_empty_object_has_no_range", StoreConformance.Always, EmptyAsync),
        new("A_read_that_is_not_finished_can_be_disposed", StoreConformance.Always, UnfinishedAsync),
        new("An_open_read_goes_on_when_its_object_is_replaced_or_says_that_it_cannot", StoreConformance.Always, ReplacedMeanwhileAsync),
    ];

    private static async Task RangesAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var size in (int[])[1, 1000, 3_000_000])
        {
            var (key, bytes) = (context.Key($"size-{size}"), Pattern.Bytes(7, size));
            await context.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
            (long Offset, long? Length)[] ranges =
            [
                (0, 1), (0, null), (0, size), (0, size + 1L), (size - 1, 1), (size - 1, null), (size - 1, long.MaxValue - size), (size / 2, 1),
                (size / 3, (size / 3) + 1), (size / 2, null), (0, long.MaxValue), (size / 2, size),
            ];
            foreach (var (offset, length) in ranges)
            {
                var range = new ByteRange(offset, length);
                await using var reader = await context.Store.OpenReadAsync(key, new ReadOptions { Range = range }, cancellationToken);
                var expected = bytes.AsMemory((int)offset, (int)Math.Min(length ?? long.MaxValue, size - offset));
                Expect.Equal(expected.Length, reader.Length, $"the length of the range {range} of {size} bytes");
                Expect.Equal(size, reader.Info.Size, $"the whole size that a read of the range {range} tells");
                Expect.Equal(range, reader.Range ?? throw new ConformanceException("Expected a reader to tell its range. It tells none."), "the range that a reader tells");
                Expect.Bytes(expected, await reader.ReadToEndAsync(cancellationToken: cancellationToken), $"the range {range} of {size} bytes");
                Expect.Equal(0, await reader.Content.ReadAsync(new byte[1], cancellationToken), "the count that is read behind the end");
            }
        }
    }

    private static async Task BehindTheEndAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("object");
        await context.Store.PutBytesAsync(key, Pattern.Bytes(7, 1000), cancellationToken: cancellationToken);
        foreach (var range in (ByteRange[])[new(1000), new(1000, 1), new(1001), new(5000, 10), new(long.MaxValue), new(long.MaxValue - 1, 1)])
        {
            await Expect.ErrorAsync(StoreErrorKind.RangeNotSatisfiable, StoreOperation.Read, $"reading the range {range} of 1000 bytes",
                async () => await context.Store.OpenReadAsync(key, new ReadOptions { Range = range }, cancellationToken));
        }
        await Expect.ErrorAsync(StoreErrorKind.NotFound, StoreOperation.Read, "reading a range of a missing object",
            async () => await context.Store.ReadBytesAsync(context.Key("none"), new ByteRange(0, 1), cancellationToken: cancellationToken));
    }

    private static async Task EmptyAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var key = context.Key("empty");
        await context.Store.PutBytesAsync(key, ReadOnlyMemory<byte>.Empty, cancellationToken: cancellationToken);
        foreach (var range in (ByteRange[])[new(0), new(0, 1), new(1)])
        {
            await Expect.ErrorAsync(StoreErrorKind.RangeNotSatisfiable, StoreOperation.Read, $"reading the range {range} of an empty object",
                async () => await context.Store.OpenReadAsync(key, new ReadOptions { Range = range }, cancellationToken));
        }
    }

    private static async Task UnfinishedAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (key, bytes) = (context.Key("object"), Pattern.Bytes(7, 4 << 20));
        await context.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
        for (var i = 0; i < 20; i++)
        {
            await using var reader = await context.Store.OpenReadAsync(key, cancellationToken: cancellationToken);
            var start = new byte[100];
            await reader.Content.ReadExactlyAsync(start, cancellationToken);
            Expect.Bytes(bytes.AsMemory(0, 100), start, "the first 100 bytes");
        }
        await Expect.ContentAsync(context.Store, key, bytes, cancellationToken);
    }

    private static async Task ReplacedMeanwhileAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (key, old) = (context.Key("object"), Pattern.Bytes(7, 2 << 20));
        await context.Store.PutBytesAsync(key, old, cancellationToken: cancellationToken);
        await using var reader = await context.Store.OpenReadAsync(key, cancellationToken: cancellationToken);
        var found = new byte[old.Length];
        await reader.Content.ReadExactlyAsync(found.AsMemory(0, 1000), cancellationToken);
        await context.Store.PutBytesAsync(key, Pattern.Bytes(8, 2 << 20), cancellationToken: cancellationToken);
        try
        {
            await reader.Content.ReadExactlyAsync(found.AsMemory(1000), cancellationToken);
        }
        catch (StoreException exception) when (exception.IsTransient || exception.Kind is StoreErrorKind.NotFound or StoreErrorKind.ConditionFailed)
        {
            return;
        }
        Expect.Bytes(old, found, "what a read gives whose object was replaced meanwhile");
    }
}
