namespace Coffer.Vaults;

/// <summary>Tells all who wait that something has changed. Who notes <see cref="Beat"/> before looking misses nothing. As with <see cref="AsyncGate"/>, a simulation can order who waits here.</summary>
internal sealed class Pulse
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _waiting = new();
    private long _beat;

    /// <summary>How many changes there were.</summary>
    public long Beat
    {
        get
        {
            lock (_lock)
                return _beat;
        }
    }

    /// <summary>Tells of a change.</summary>
    public void Give()
    {
        TaskCompletionSource<bool>[] waiting;
        lock (_lock)
        {
            _beat++;
            waiting = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var waiter in waiting)
            waiter.TrySetResult(true);
    }

    /// <summary>Waits for a change after that beat, but not longer than so long. False when that time ran out.</summary>
    public async Task<bool> WaitAsync(long beat, TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_beat != beat)
                return true;
            _waiting.AddLast(waiter);
        }
        var registration = cancellationToken.UnsafeRegister((_, token) => waiter.TrySetCanceled(token), null);
        var timer = time.CreateTimer(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(false), waiter, most, Timeout.InfiniteTimeSpan);
        try
        {
            return await waiter.Task;
        }
        finally
        {
            await timer.DisposeAsync();
            registration.Unregister();
            lock (_lock)
                _waiting.Remove(waiter);
        }
    }
}
