namespace Coffer.Simulation;

/// <summary>How often each thing happened: what stays at zero was not tested.</summary>
internal sealed class Counters
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyDictionary<string, long> All => _counts;

    public void Add(string what, long count = 1) => _counts[what] = _counts.GetValueOrDefault(what) + count;

    /// <summary>How often one thing happened.</summary>
    public long Of(string what) => _counts.GetValueOrDefault(what);

    /// <summary>The sum of all whose names begin so.</summary>
    public long Sum(string prefix) => _counts.Where(count => count.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(count => count.Value);

    public override string ToString() => string.Join('\n', _counts.Select(count => $"{count.Value,10}  {count.Key}"));
}
