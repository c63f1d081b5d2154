using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Coffer.Simulation;

/// <summary>
/// A worker's side: reads plans, one a line, as they would stand on a command line, and answers each with a report in one line of JSON. It ends when nobody asks any more, in the middle
/// of a seed too.
/// </summary>
internal static class WorkerLoop
{
    public static int Run(string folder)
    {
        // Ctrl-C at a terminal reaches all processes; the first one decides.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        using var plans = new BlockingCollection<string>();
        new Thread(() => Listen(plans)) { IsBackground = true, Name = "listens" }.Start();
        foreach (var line in plans.GetConsumingEnumerable())
        {
            var plan = RunOptions.Parse(line.Split(' ')).Plan;
            Console.WriteLine(JsonSerializer.Serialize(SeedRun.Run(plan, WorldOf(folder), HistoryOf(folder, plan.Seed))));
        }
        return 0;
    }

    /// <summary>The file in which a worker leaves the history of a seed.</summary>
    public static string HistoryOf(string folder, long seed) => Path.Combine(folder, $"history-{seed}.txt");

    /// <summary>Where a worker has the local files of a seed.</summary>
    public static string WorldOf(string folder) => Path.Combine(folder, "world");

    private static void Listen(BlockingCollection<string> plans)
    {
        while (Console.In.ReadLine() is { } line)
            plans.Add(line);
        Environment.Exit(0);
    }
}
