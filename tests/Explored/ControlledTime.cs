namespace Coffer.Explored;

/// <summary>A clock whose short waits may end at any moment that the explorer chooses, and whose long ones never do.</summary>
internal sealed class ControlledTime : TimeProvider
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ControlledTimer(callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ControlledTimer(TimerCallback callback, object? state) : ITimer
    {
        private int _set;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var set = Interlocked.Increment(ref _set);
            if (dueTime >= TimeSpan.Zero && dueTime <= LongestWait)
                _ = Task.Run(() => Fire(set));
            return true;
        }

        public void Dispose() => Interlocked.Increment(ref _set);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire(int set)
        {
            if (Interlocked.Add(ref _set, 0) == set)
                callback(state);
        }
    }
}
