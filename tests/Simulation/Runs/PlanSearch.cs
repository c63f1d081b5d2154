using System.Diagnostics;

namespace Coffer.Simulation;

/// <summary>
/// Looks for a short plan that has the same kind of violation as a seed: fewer steps from the end (bisection), without whole kinds of faults, then without single steps (delta debugging:
/// Zeller and Hildebrandt 2002). It stops at a limit of tries and of time, with the shortest so far.
/// </summary>
/// <param name="tryOut">Lives through a plan.</param>
/// <param name="tries">How often.</param>
/// <param name="time">How long.</param>
internal sealed class PlanSearch(Func<SeedPlan, Task<SeedReport>> tryOut, int tries, TimeSpan time)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private SeedPlan _best = new(0);
    private SeedReport _report = SeedReport.Ended("");
    private string _kind = "";

    /// <summary>How many plans were tried.</summary>
    public int Tries { get; private set; }

    private bool IsOver => Tries >= tries || _clock.Elapsed >= time;

    /// <summary>The shortest plan that was found, and how it went.</summary>
    /// <param name="plan">The plan that has a violation.</param>
    /// <param name="report">How it went.</param>
    public async Task<(SeedPlan Plan, SeedReport Report)> RunAsync(SeedPlan plan, SeedReport report)
    {
        (_best, _report, _kind) = (plan, report, ViolationKind.Of(report.Violations[0]));
        if (plan.Only is null)
        {
            await EndEarlierAsync();
            await IsFailureAsync(_best with { Steps = null, Only = _report.Steps.ToHashSet() });
        }
        await LeaveOutFaultsAsync();
        if (_best.Only is not null)
            await LeaveOutStepsAsync();
        await LeaveOutFaultsAsync();
        return (_best, _report);
    }

    /// <summary>Without what can be left out by the steps' number alone.</summary>
    private async Task EndEarlierAsync()
    {
        var (least, most) = (0, _report.Steps.Count);
        while (least < most && !IsOver)
        {
            var middle = (least + most) / 2;
            if (await IsFailureAsync(_best with { Steps = middle }))
                most = middle;
            else
                least = middle + 1;
        }
    }

    /// <summary>All kinds at once, or one after the other.</summary>
    private async Task LeaveOutFaultsAsync()
    {
        var kinds = Enum.GetValues<StoreFault>().Where(fault => fault != StoreFault.None && _best.Allows(fault) && _report.Counts.Keys.Any(name => name.StartsWith($"fault {fault} ", StringComparison.Ordinal))).ToList();
        var mayDie = !_best.NoCrashes && _report.Counts.Keys.Any(static name => name.StartsWith("crash ", StringComparison.Ordinal));
        if (kinds.Count + (mayDie ? 1 : 0) == 0 || await IsFailureAsync(Without(kinds) with { NoCrashes = true }))
            return;
        if (mayDie)
            await IsFailureAsync(_best with { NoCrashes = true });
        foreach (var kind in kinds)
            await IsFailureAsync(Without([kind]));
    }

    private SeedPlan Without(IEnumerable<StoreFault> faults) => _best with { FaultsOff = new SortedSet<StoreFault>(_best.FaultsOff.Concat(faults)) };

    /// <summary>Leaves out all that somebody does, then shares of the steps, large ones first, until each step that is left is needed.</summary>
    private async Task LeaveOutStepsAsync()
    {
        foreach (var actor in _best.Only!.Select(static step => step.Actor).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList())
            await IsFailureAsync(_best with { Only = _best.Only!.Where(step => step.Actor != actor).ToHashSet() });
        var steps = _best.Only!.OrderBy(static step => step.Actor, StringComparer.Ordinal).ThenBy(static step => step.Number).ToList();
        for (var size = Math.Max(1, steps.Count / 2); ; size = Math.Max(1, Math.Min(size / 2, steps.Count)))
        {
            var shorter = false;
            for (var from = 0; from < steps.Count && !IsOver;)
            {
                var rest = steps.Where((_, place) => place < from || place >= from + size).ToList();
                if (await IsFailureAsync(_best with { Only = rest.ToHashSet() }))
                    (steps, shorter) = (rest, true);
                else
                    from += size;
            }
            if (IsOver || (size == 1 && !shorter))
                return;
        }
    }

    /// <summary>Whether a plan has the same kind of violation; then it is the best one.</summary>
    private async Task<bool> IsFailureAsync(SeedPlan plan)
    {
        if (IsOver)
            return false;
        Tries++;
        var report = await tryOut(plan);
        if (!report.Violations.Any(violation => ViolationKind.Of(violation) == _kind))
            return false;
        (_best, _report) = (plan, report);
        return true;
    }
}
