namespace Coffer.Vaults;

/// <summary>Requests side by side, without a thread of their own: as many loops as are wanted take one thing after the other.</summary>
internal static class Concurrently
{
    /// <summary>Runs <paramref name="body"/> for each item, up to <paramref name="degree"/> at a time. Gives the results in the order of the items; the first failure stops what has not begun, and is thrown when the rest has ended.</summary>
    public static async Task<TResult[]> SelectAsync<T, TResult>(
        IReadOnlyList<T> items, int degree, Func<T, CancellationToken, ValueTask<TResult>> body, CancellationToken cancellationToken)
    {
        var results = new TResult[items.Count];
        var next = -1;
        var failed = false;
        var loops = new Task[Math.Min(degree, items.Count)];
        for (var i = 0; i < loops.Length; i++)
            loops[i] = LoopAsync();
        await Task.WhenAll(loops);
        return results;

        async Task LoopAsync()
        {
            while (!Volatile.Read(ref failed) && Interlocked.Increment(ref next) is var index && index < items.Count)
            {
                try
                {
                    results[index] = await body(items[index], cancellationToken);
                }
                catch
                {
                    Volatile.Write(ref failed, true);
                    throw;
                }
            }
        }
    }
}
