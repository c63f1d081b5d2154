namespace Coffer.Stores;

/// <summary>Takes a whole body into memory, before anything of it becomes visible.</summary>
internal static class MemoryBody
{
    /// <summary>The largest object, in bytes: an array holds one more, which is needed to see that a source has ended.</summary>
    public static long MaxSize => Array.MaxLength - 1;

    private const int FirstBuffer = 64 << 10;

    public static async ValueTask<ReadOnlyMemory<byte>> TakeAsync(ObjectBody body, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (body.Memory is { } memory)
        {
            // A copy: the caller may change its bytes when the put is done.
            var copy = memory.ToArray();
            if (copy.Length > 0)
                progress?.Report(copy.Length);
            return copy;
        }
        await using var source = await body.OpenAsync(progress, cancellationToken);
        return body.Length is { } length ? await TakeAsync(source, (int)length, cancellationToken) : await TakeAllAsync(source, cancellationToken);
    }

    private static async ValueTask<ReadOnlyMemory<byte>> TakeAsync(Stream source, int length, CancellationToken cancellationToken)
    {
        // One byte more than was announced, so that reading goes on to the end: there the body itself fails when its source has fewer bytes or more.
        var bytes = GC.AllocateUninitializedArray<byte>(length + 1);
        var count = await source.ReadFullyAsync(bytes, cancellationToken);
        return bytes.AsMemory(0, count);
    }

    private static async ValueTask<ReadOnlyMemory<byte>> TakeAllAsync(Stream source, CancellationToken cancellationToken)
    {
        var bytes = new byte[FirstBuffer];
        var filled = 0;
        while (true)
        {
            if (filled == bytes.Length)
            {
                if (filled > MaxSize)
                    throw new StoreException(StoreErrorKind.QuotaExceeded, $"An object in memory has at most {MaxSize} bytes, and this body has more. Nothing was stored.");
                Array.Resize(ref bytes, (int)Math.Min(filled * 2L, MaxSize + 1));
            }
            var count = await source.ReadAsync(bytes.AsMemory(filled), cancellationToken);
            if (count == 0)
                return bytes.AsSpan(0, filled).ToArray();
            filled += count;
        }
    }
}
