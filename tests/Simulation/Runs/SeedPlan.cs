using System.Globalization;

namespace Coffer.Simulation;

/// <summary>How a seed is lived through: all that it draws, or less, so that a failing history becomes short enough to be read.</summary>
/// <param name="Seed">Everything comes from it.</param>
internal sealed record SeedPlan(long Seed)
{
    /// <summary>How many steps are taken; null for as many as the seed draws.</summary>
    public int? Steps { get; init; }

    /// <summary>The steps that are taken, and no others; null for all.</summary>
    public IReadOnlySet<StepName>? Only { get; init; }

    /// <summary>Faults that do not come; a request that would have had one is done as if nothing were.</summary>
    public IReadOnlySet<StoreFault> FaultsOff { get; init; } = new SortedSet<StoreFault>();

    /// <summary>Whether no process dies.</summary>
    public bool NoCrashes { get; init; }

    /// <summary>Whether it is more or less than the seed alone.</summary>
    public bool IsChanged => Steps is not null || Only is not null || FaultsOff.Count > 0 || NoCrashes;

    /// <summary>Whether a fault may come.</summary>
    public bool Allows(StoreFault fault) => !FaultsOff.Contains(fault);

    /// <summary>The arguments of the command line that mean this plan.</summary>
    public IReadOnlyList<string> ToArguments()
    {
        var arguments = new List<string> { "--seed", Seed.ToString(CultureInfo.InvariantCulture) };
        if (Steps is { } steps)
            arguments.AddRange(["--steps", steps.ToString(CultureInfo.InvariantCulture)]);
        foreach (var actor in (Only ?? new SortedSet<StepName>()).GroupBy(static step => step.Actor, StringComparer.Ordinal).OrderBy(static actor => actor.Key, StringComparer.Ordinal))
            arguments.AddRange(["--only", $"{actor.Key}:{string.Join(',', actor.Select(static step => step.Number).Order())}"]);
        if (Only is { Count: 0 })
            arguments.AddRange(["--only", "nobody"]);
        if (FaultsOff.Count > 0)
            arguments.AddRange(["--no-fault", string.Join(',', FaultsOff.Order())]);
        if (NoCrashes)
            arguments.Add("--no-crash");
        return arguments;
    }

    public override string ToString() => string.Join(' ', ToArguments());
}
