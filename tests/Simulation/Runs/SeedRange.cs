using System.Runtime.InteropServices;

namespace Coffer.Simulation;

/// <summary>Lives through a range of seeds in several processes, and tells what was found.</summary>
internal sealed class SeedRange(RunOptions options)
{
    private const int Interrupted = 130;

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(30);

    private readonly SeedQueue _queue = new(options.From, options.Seeds, twice: !options.Single);
    private readonly Twins? _twins = options.Single ? null : new Twins();
    private readonly RunTotals _totals = new();
    private readonly Lock _output = new();

    /// <summary>The exit code: 0 when no violation was found, and all happened that should.</summary>
    public async Task<int> RunAsync()
    {
        using var folder = new RunFolder();
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using (new Timer(_ => Console.Error.WriteLine(_totals.Progress(options.Seeds)), null, ProgressPeriod, ProgressPeriod))
            await Task.WhenAll(Enumerable.Range(1, options.WorkerCount).Select(number => WorkAsync(number, folder, stop.Token)));
        var isWhole = _totals.Tell(Console.Out, options.Counters, mustHaveSeen: !options.Plan.IsChanged && !stop.IsCancellationRequested);
        return stop.IsCancellationRequested ? Interrupted : isWhole ? 0 : 1;
    }

    /// <summary>What one worker does until there is no seed for it any more.</summary>
    private async Task WorkAsync(int number, RunFolder folder, CancellationToken stop)
    {
        using var worker = new Worker(Path.Combine(folder.Root, $"worker-{number}"));
        try
        {
            while (_queue.Take(number) is { } seed)
                await LiveThroughAsync(options.PlanOf(seed), worker, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was done is told all the same.
        }
    }

    private async Task LiveThroughAsync(SeedPlan plan, Worker worker, CancellationToken stop)
    {
        var report = await worker.RunAsync(plan, stop);
        var history = worker.HistoryOf(plan.Seed);
        var violations = _twins is null ? report.Violations : _twins.Compare(plan.Seed, report, history);
        if (violations is null)
            return;
        var failures = _totals.Add(report, violations.Count);
        var telling = new List<string>();
        if (options.Verbose && File.Exists(history))
            telling.AddRange(File.ReadAllLines(history));
        telling.AddRange(violations.Select(violation => $"seed {plan.Seed}: {violation}"));
        if (violations.Count > 0)
            telling.Add($"seed {plan.Seed}: {violations.Count} violations; tell its history with {plan} --verbose");
        try
        {
            if (report.Violations.Count > 0 && failures < options.Cut && !options.Verbose)
                telling.AddRange(await new Cutter(worker).CutAsync(plan, report, stop));
        }
        finally
        {
            File.Delete(history);
            Tell(telling);
        }
    }

    /// <summary>What belongs together comes together.</summary>
    private void Tell(List<string> telling)
    {
        lock (_output)
        {
            foreach (var line in telling)
                Console.WriteLine(line);
        }
    }
}
