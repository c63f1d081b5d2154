using System.Diagnostics;

namespace Coffer.Simulation;

/// <summary>What a run has seen so far.</summary>
internal sealed class RunTotals
{
    private readonly Lock _lock = new();
    private readonly Counters _counters = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _seeds;
    private long _violations;
    private long _failures;

    /// <summary>A seed is done. Gives how many had failed before it.</summary>
    public long Add(SeedReport report, int violations)
    {
        lock (_lock)
        {
            _seeds++;
            _violations += violations;
            foreach (var (what, count) in report.Counts)
                _counters.Add(what, count);
            return violations > 0 ? _failures++ : _failures;
        }
    }

    /// <summary>For who waits.</summary>
    public string Progress(long all)
    {
        lock (_lock)
            return $"{_seeds} of {all} seeds, {_violations} violations, {_clock.Elapsed.TotalSeconds:0} s";
    }

    /// <summary>Tells all of it; true when nothing was violated, all happened that should, and it cost no more requests than it may.</summary>
    /// <param name="output">Where it is told.</param>
    /// <param name="withCounters">Whether all counters are shown.</param>
    /// <param name="mustHaveSeen">Whether it fails when something never happened.</param>
    public bool Tell(TextWriter output, bool withCounters, bool mustHaveSeen)
    {
        lock (_lock)
        {
            if (withCounters)
            {
                output.WriteLine(_counters);
                foreach (var average in RequestBudgets.Tell(_counters))
                    output.WriteLine(average);
            }
            var missing = RequiredCounters.Missing(_counters, mustHaveSeen ? _seeds : 0).ToList();
            foreach (var name in missing)
                output.WriteLine($"In {_seeds} seeds this never happened, so it was not tested: {name}");
            var excess = mustHaveSeen && _seeds >= RequiredCounters.Least ? RequestBudgets.Excess(_counters).ToList() : [];
            foreach (var budget in excess)
                output.WriteLine(budget);
            output.WriteLine($"{_seeds} seeds, {_counters.Sum("call ")} operations, {_counters.Sum("fault ")} faults, {_counters.Sum("crash ")} crashes, {_violations} violations");
            return _violations == 0 && missing.Count == 0 && excess.Count == 0;
        }
    }
}
