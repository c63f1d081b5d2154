using System.Collections.Concurrent;

namespace Coffer.Simulation;

/// <summary>
/// Two processes that lived through one seed must tell the same history: hash tables, addresses and the moods of a process are others in each, so what hangs on them shows. Keeps how the first
/// one went until the second is done.
/// </summary>
internal sealed class Twins
{
    private readonly ConcurrentDictionary<long, (SeedReport Report, string History)> _firsts = new();

    /// <summary>A process is done with a seed. Null when it was the first one; else what was violated in either.</summary>
    public IReadOnlyList<string>? Compare(long seed, SeedReport report, string history)
    {
        if (_firsts.TryAdd(seed, (report, history)) || !_firsts.TryRemove(seed, out var first))
            return null;
        var violations = first.Report.Violations.Union(report.Violations).ToList();
        if (first.Report.Hash is { } theirs && report.Hash is { } mine && theirs != mine)
            violations.Add(Difference(File.ReadAllLines(first.History), File.ReadAllLines(history)));
        File.Delete(first.History);
        return violations;
    }

    /// <summary>Tells where two histories part.</summary>
    public static string Difference(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var place = 0;
        while (place < one.Count && place < other.Count && one[place] == other[place])
            place++;
        return $"two processes have two histories, from line {place + 1} on:\n    {one.ElementAtOrDefault(place)}\n    {other.ElementAtOrDefault(place)}";
    }
}
