namespace Coffer.Simulation;

/// <summary>Cuts a failing seed down, and tells the short history that is left and the command that repeats it.</summary>
/// <param name="worker">Lives through the plans; nobody else asks it meanwhile.</param>
internal sealed class Cutter(Worker worker)
{
    private const int Tries = 200;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(60);

    /// <param name="plan">The plan that has a violation.</param>
    /// <param name="report">How it went.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<IReadOnlyList<string>> CutAsync(SeedPlan plan, SeedReport report, CancellationToken stop)
    {
        if (report.Hash is null)
            return ["  It is not cut down: the process of each try would end."];
        // What was cut down already is told as it is.
        if (plan.IsChanged)
            return await TellAsync(plan, stop);
        var search = new PlanSearch(shorter => worker.RunAsync(shorter, stop), Tries, Time);
        var (best, cut) = await search.RunAsync(plan, report);
        var telling = await TellAsync(best, stop);
        return [$"  cut down from {report.Steps.Count} steps to {cut.Steps.Count}, in {search.Tries} tries:", .. telling, $"  repeat it with {best}"];
    }

    private async Task<IReadOnlyList<string>> TellAsync(SeedPlan plan, CancellationToken stop)
    {
        await worker.RunAsync(plan, stop);
        return ShortHistory.Of(await File.ReadAllLinesAsync(worker.HistoryOf(plan.Seed), stop));
    }
}
