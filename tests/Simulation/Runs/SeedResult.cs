namespace Coffer.Simulation;

/// <summary>How one seed went.</summary>
internal sealed record SeedResult(long Seed, string Hash, IReadOnlyList<string> History, IReadOnlyList<string> Violations, Counters Counters)
{
    public long Operations => Counters.Sum("call ");

    public long Faults => Counters.Sum("fault ");
}
