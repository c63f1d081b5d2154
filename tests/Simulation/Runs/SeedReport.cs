namespace Coffer.Simulation;

/// <summary>How one seed went, as a worker tells it. The history itself is left in a file.</summary>
/// <param name="Hash">Of the history; null when the process ended before it was through.</param>
/// <param name="Violations">What must never be, and was.</param>
/// <param name="Counts">How often each thing happened.</param>
/// <param name="Steps">The steps that were taken, in their order.</param>
internal sealed record SeedReport(string? Hash, IReadOnlyList<string> Violations, IReadOnlyDictionary<string, long> Counts, IReadOnlyList<StepName> Steps)
{
    /// <summary>The process of a seed ended, or had to be ended.</summary>
    public static SeedReport Ended(string violation) => new(null, [violation], new Dictionary<string, long>(), []);
}
