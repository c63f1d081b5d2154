namespace Coffer.Vaults;

/// <summary>Work on many things of one kind, on all workers.</summary>
internal static class WorkShares
{
    /// <summary>Does something for each number from 0 to below <paramref name="count"/>: each worker gets a run of them that follow each other.</summary>
    public static async Task ForEachAsync(this IWorkers workers, int count, Action<int> work, CancellationToken cancellationToken)
    {
        var shares = Math.Min(workers.Count, count);
        var running = new Task[shares];
        for (var share = 0; share < shares; share++)
        {
            var (first, end) = ((int)((long)count * share / shares), (int)((long)count * (share + 1) / shares));
            running[share] = workers.RunAsync(
                () =>
                {
                    for (var i = first; i < end; i++)
                        work(i);
                },
                cancellationToken).AsTask();
        }
        await Task.WhenAll(running);
    }
}
