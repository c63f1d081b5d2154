namespace Coffer.Simulation;

/// <summary>What the store and the local files draw for the requests and writes of one step: from streams of its own, so that a step meets the same luck whatever other steps are left out.</summary>
internal sealed class StepDraws(SimContext context, StepName step)
{
    /// <summary>How long its requests take, and how they fail.</summary>
    public SimRandom Link { get; } = context.Stream($"link/{step}");

    /// <summary>Whether its process dies.</summary>
    public SimRandom Fate { get; } = context.Stream($"fate/{step}");
}
