namespace Coffer.Simulation;

/// <summary>
/// Ends the process when one seed takes minutes of real time: then the one thread waits for something in earnest (a lock, a Wait), which no virtual clock can
/// see.
/// </summary>
internal sealed class StallGuard : IDisposable
{
    /// <summary>What a process ends with that hangs.</summary>
    public const int ExitCode = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Timer _timer;

    public StallGuard(long seed, InFlight inFlight) => _timer = new Timer(_ =>
    {
        Console.Error.WriteLine($"Seed {seed} hangs: its thread has been busy or blocked for {Limit.TotalMinutes} minutes. In flight:\n{inFlight}");
        Environment.Exit(ExitCode);
    }, null, Limit, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
