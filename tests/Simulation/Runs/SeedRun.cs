using Microsoft.Data.Sqlite;

namespace Coffer.Simulation;

/// <summary>Lives through one seed in this process.</summary>
internal static class SeedRun
{
    /// <param name="plan">The seed, and what is left out of it.</param>
    /// <param name="folder">For local files; it is removed in the end.</param>
    /// <param name="history">Where the history is left.</param>
    public static SeedReport Run(SeedPlan plan, string folder, string history)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var context = new SimContext(plan, folder);
            using var guard = new StallGuard(plan.Seed, context.InFlight);
            var loop = new SimLoop(context.Time, context.InFlight);
            var world = new SimWorld(context);
            try
            {
                loop.Run(world.RunAsync);
            }
            catch (SimulationBrokenException e)
            {
                context.Violation(e.ToString());
            }
            catch (Exception e)
            {
                context.Violation($"The simulator failed: {e}");
            }
            File.WriteAllLines(history, context.History.Lines);
            return new SeedReport(context.History.ComputeHash(), context.Violations, context.Counters.All, world.Steps.Taken);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }
}
