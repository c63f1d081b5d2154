using Microsoft.Data.Sqlite;

namespace Coffer.Simulation;

/// <summary>Lives through one seed in this process.</summary>
internal static class SeedRun
{
    public static SeedResult Run(SeedPlan plan, string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var context = new SimContext(plan, folder);
            using var guard = new StallGuard(plan.Seed, context.InFlight);
            var loop = new SimLoop(context.Time, context.InFlight);
            try
            {
                loop.Run(() => new SimWorld(context).RunAsync());
            }
            catch (SimulationBrokenException e)
            {
                context.Violation(e.ToString());
            }
            return new SeedResult(plan.Seed, context.History.ComputeHash(), context.History.Lines, context.Violations, context.Counters);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }
}
