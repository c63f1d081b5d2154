namespace Coffer.Simulation;

/// <summary>The bodies that are written: each attempt has its own, so that what is read tells who wrote it.</summary>
internal static class Content
{
    private const int TailLimit = 4096;
    private const int Chunk = 1 << 16;

    /// <summary>A size around one of the borders that the format has, or a common one.</summary>
    public static int Size(SimRandom random) => random.Weighted<Func<int>>(
    [
        (10, () => 0),
        (30, () => random.Between(1, 200)),
        (15, () => TailLimit + random.Between(-1, 1)),
        (25, () => random.Between(TailLimit, 30_000)),
        (10, () => Chunk + random.Between(-1, 1)),
        (10, () => random.Between(Chunk, 4 * Chunk)),
    ])();

    public static byte[] Bytes(SimContext context, int attempt, int size)
    {
        var bytes = new byte[size];
        context.Stream($"content/{attempt}").Fill(bytes);
        return bytes;
    }
}
