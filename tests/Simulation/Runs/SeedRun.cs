using Microsoft.Data.Sqlite;

namespace Coffer.Simulation;

/// <summary>Lives through one seed in this process.</summary>
internal static class SeedRun
{
    public static SeedResult Run(long seed, int? steps, string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var context = new SimContext(seed, folder);
            using var guard = new StallGuard(seed, context.InFlight);
            var loop = new SimLoop(context.Time, context.InFlight);
            try
            {
                loop.Run(() => new SimWorld(context, steps).RunAsync());
            }
            catch (SimulationBrokenException e)
            {
                context.Violation(e.ToString());
            }
            return new SeedResult(seed, context.History.ComputeHash(), context.History.Lines, context.Violations, context.Counters);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }
}
