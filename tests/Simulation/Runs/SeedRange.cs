namespace Coffer.Simulation;

/// <summary>Lives through a range of seeds, here and in a second process, and tells what was found.</summary>
internal sealed class SeedRange(RunOptions options)
{
    private readonly Counters _counters = new();
    private long _violations;

    /// <summary>The exit code: 0 when no violation was found, and all happened that should.</summary>
    public int Run()
    {
        var folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"coffer-simulation-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            if (options.TwinFolder is { } twinFolder)
                return RunAsTwin(folder, twinFolder);
            using var twin = options.Single ? null : new Twin(options, Path.Combine(folder, "twin"));
            for (var seed = options.From; seed < options.From + options.Seeds; seed++)
                Run(seed, folder, twin);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        if (options.Counters)
            Console.WriteLine(_counters);
        var missing = RequiredCounters.Missing(_counters, options.Steps is null ? options.Seeds : 0).ToList();
        foreach (var name in missing)
            Console.WriteLine($"In {options.Seeds} seeds this never happened, so it was not tested: {name}");
        Console.WriteLine($"{options.Seeds} seeds, {_counters.Sum("call ")} operations, {_counters.Sum("fault ")} faults, {_counters.Sum("crash ")} crashes, {_violations} violations");
        return _violations == 0 && missing.Count == 0 ? 0 : 1;
    }

    private int RunAsTwin(string folder, string twinFolder)
    {
        for (var seed = options.From; seed < options.From + options.Seeds; seed++)
            Twin.Tell(SeedRun.Run(new SeedPlan(seed) { Steps = options.Steps }, Path.Combine(folder, "world")), twinFolder);
        return 0;
    }

    private void Run(long seed, string folder, Twin? twin)
    {
        var result = SeedRun.Run(new SeedPlan(seed) { Steps = options.Steps }, Path.Combine(folder, "world"));
        _counters.Add(result.Counters);
        if (options.Verbose)
        {
            foreach (var line in result.History)
                Console.WriteLine(line);
        }
        var violations = result.Violations.ToList();
        if (twin?.DifferenceTo(result) is { } difference)
            violations.Add(difference);
        _violations += violations.Count;
        foreach (var violation in violations)
            Console.WriteLine($"seed {seed}: {violation}");
        if (violations.Count > 0)
            Console.WriteLine($"seed {seed}: {violations.Count} violations; tell its history with --seed {seed} --verbose");
    }
}
