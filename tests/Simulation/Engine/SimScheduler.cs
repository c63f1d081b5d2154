using System.Diagnostics;

namespace Coffer.Simulation;

/// <summary>
/// Runs every task on one thread, in the order in which they became ready. An await inside of it comes back to it, because no synchronization context is set
/// and an await remembers the scheduler that it ran on. Who queues from another thread (a pool, a timer of the system, a ConfigureAwait(false)) has left the
/// simulation: what comes then hangs on the machine's mood. That is kept, and <see cref="ThrowIfEntered"/> tells it.
/// </summary>
internal sealed class SimScheduler : TaskScheduler
{
    private readonly Queue<Task> _ready = new();
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly ManualResetEventSlim _entered = new();
    private volatile string? _entry;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>How many tasks have run.</summary>
    public long Steps { get; private set; }

    /// <summary>Runs the next task that is ready; false when there is none.</summary>
    public bool RunNext()
    {
        ThrowIfEntered(TimeSpan.Zero);
        if (!_ready.TryDequeue(out var task))
            return false;
        Steps++;
        TryExecuteTask(task);
        return true;
    }

    /// <summary>Fails when another thread queued a task, now or within the wait.</summary>
    public void ThrowIfEntered(TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
            _entered.Wait(wait);
        if (_entry is { } entry)
            throw new SimulationBrokenException($"Another thread came into the simulation, so its history is not determined any more. It came from:\n{entry}");
    }

    protected override void QueueTask(Task task)
    {
        if (Thread.CurrentThread == _thread)
        {
            _ready.Enqueue(task);
            return;
        }
        _entry ??= new StackTrace(skipFrames: 1, fNeedFileInfo: true).ToString();
        _entered.Set();
    }

    // Never inline: one order, and no deep stacks.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _ready];
}
