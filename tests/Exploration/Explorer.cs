using System.Reflection;
using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;

namespace Coffer.Exploration;

/// <summary>Runs scenarios again and again, each time with another order of what their threads do.</summary>
internal sealed class Explorer(ExplorationOptions options)
{
    /// <summary>An execution that takes so many decisions goes round in circles.</summary>
    private const uint MostSteps = 300_000;

    /// <summary>How long nothing may move, in milliseconds, until that is called a hang. Other programs use the machine too.</summary>
    private const uint Patience = 30_000;

    private long _executions;
    private int _violations;

    /// <summary>Explores; gives the exit code.</summary>
    public int Run()
    {
        var all = RewrittenAssembly.Load("Coffer.Explored").GetType("Coffer.Explored.Scenarios", throwOnError: true)!
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly).OrderBy(static method => method.Name, StringComparer.Ordinal).ToList();
        if (options.Scenarios.FirstOrDefault(name => !all.Exists(method => method.Name == name)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no scenario '{unknown}'. There are: {string.Join(", ", all.Select(static method => method.Name))}.");
            return 2;
        }
        var chosen = all.FindAll(method => options.Scenarios.Count == 0 || options.Scenarios.Contains(method.Name));
        foreach (var scenario in chosen)
            Explore(scenario.Name, scenario.CreateDelegate<Func<Task>>());
        Console.WriteLine($"{chosen.Count} scenarios, {_executions} executions, {_violations} violations");
        return _violations == 0 && _executions > 0 ? 0 : 1;
    }

    private void Explore(string name, Func<Task> scenario)
    {
        var configuration = Configuration.Create()
            .WithTelemetryEnabled(false)
            .WithVerbosityEnabled(VerbosityLevel.None)
            .WithTestingIterations(options.Executions)
            .WithRandomGeneratorSeed(options.Seed)
            .WithMaxSchedulingSteps(MostSteps)
            .WithDeadlockTimeout(Patience)
            .WithPartiallyControlledConcurrencyAllowed(true)
            .WithAtomicOperationRaceCheckingEnabled(true)
            .WithVolatileOperationRaceCheckingEnabled(true)
            .WithLockAccessRaceCheckingEnabled(true)
            .WithMemoryAccessRaceCheckingEnabled(true);
        using var engine = TestingEngine.Create(configuration, scenario);
        engine.SetLogger(new TextWriterLogger(TextWriter.Null, VerbosityLevel.None));
        engine.Run();
        var report = engine.TestReport;
        var executions = report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths;
        _executions += executions;
        _violations += report.NumOfFoundBugs;
        Console.WriteLine($"{name}: {executions} executions of {report.MinControlledOperations} to {report.MaxControlledOperations} threads and {report.MinExploredFairSteps} to {report.MaxExploredFairSteps} decisions");
        foreach (var bug in report.BugReports)
            Console.WriteLine($"VIOLATION in {name}: {bug}");
    }
}
