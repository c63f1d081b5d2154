using Coffer.Testing;

namespace Coffer.Simulation;

/// <summary>
/// Runs a simulation to its end: everything that is ready, and only when nothing is, time goes on to the next timer.
/// </summary>
internal sealed class SimLoop(ManualTime time, InFlight inFlight)
{
    /// <summary>More than any history needs; a loop that turns without time going on is found by this.</summary>
    private const long MaxSteps = 20_000_000;

    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(2000);
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromMilliseconds(300);

    private readonly SimScheduler _scheduler = new();
    private Exception? _fault;

    /// <summary>How many tasks have run.</summary>
    public long Steps => _scheduler.Steps;

    /// <exception cref="SimulationBrokenException">It stands still, does not end, or another thread took part.</exception>
    public void Run(Func<Task> main)
    {
        Task? running = null;
        Start(() => running = main());
        var end = time.GetUtcNow() + MaxTime;
        while (running is not { IsCompleted: true })
        {
            if (_scheduler.RunNext())
            {
                if (_fault is not null)
                    throw new SimulationBrokenException("A timer's callback, or the beginning itself, threw.", _fault);
                if (_scheduler.Steps > MaxSteps)
                    throw new SimulationBrokenException($"It does not end: {MaxSteps} steps were made. In flight:\n{inFlight}");
                continue;
            }
            if (time.UntilNextTimer is null)
            {
                _scheduler.ThrowIfEntered(WaitForOthers);
                throw new SimulationBrokenException($"It stands still: nothing is ready, and no timer is set. In flight:\n{inFlight}");
            }
            // As a task, so that what a timer calls finds our scheduler, and comes back to it.
            Start(() => time.AdvanceToNextTimer());
            if (time.GetUtcNow() > end)
                throw new SimulationBrokenException($"It does not end: {MaxTime.TotalDays} days have passed. In flight:\n{inFlight}");
        }
        running.GetAwaiter().GetResult();
    }

    private void Start(Action action) => new Task(() =>
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            _fault ??= e;
        }
    }).Start(_scheduler);
}
