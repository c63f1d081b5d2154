namespace Coffer.Simulation;

/// <summary>What has begun and not ended: calls of the vaults, requests to the store. Shown when a simulation stands still.</summary>
internal sealed class InFlight
{
    private readonly SortedDictionary<long, string> _pending = [];
    private long _last;

    /// <summary>Something began; the number ends it.</summary>
    public long Begin(string what)
    {
        _pending.Add(++_last, what);
        return _last;
    }

    public void End(long number) => _pending.Remove(number);

    public override string ToString() => _pending.Count == 0 ? "  nothing" : string.Join('\n', _pending.Values.Select(what => "  " + what));
}
