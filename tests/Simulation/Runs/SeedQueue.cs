namespace Coffer.Simulation;

/// <summary>Hands out seeds to workers as they become free, so that a slow seed does not hold the others: each seed once, or to two different workers.</summary>
internal sealed class SeedQueue(long from, long count, bool twice)
{
    private readonly Lock _lock = new();
    private readonly List<(long Seed, int First)> _seconds = [];
    private readonly long _end = from + count;
    private long _next = from;

    /// <summary>The next seed for a worker; null when there is none any more.</summary>
    public long? Take(int worker)
    {
        lock (_lock)
        {
            var place = _seconds.FindIndex(second => second.First != worker);
            if (place >= 0)
            {
                var seed = _seconds[place].Seed;
                _seconds.RemoveAt(place);
                return seed;
            }
            if (_next >= _end)
                return null;
            if (twice)
                _seconds.Add((_next, worker));
            return _next++;
        }
    }
}
