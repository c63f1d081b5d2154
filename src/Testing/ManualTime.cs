namespace Coffer.Testing;

/// <summary>
/// A clock that stands still until it is told to go on, with timers that fire in the order of their due times, and among equal ones in the order in which they
/// were set. Timers fire within <see cref="Advance(TimeSpan)"/>, on the thread that calls it, one after the other; the clock shows each one's own due time.
/// </summary>
/// <param name="start">What the clock shows first; null for 1 January 2026, 0:00 UTC.</param>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<ManualTimer> _pending = new(new DueOrder());
    private DateTimeOffset _now = start?.ToUniversalTime() ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _timestamp;
    private long _sequence;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timestamps count ticks of 100 nanoseconds.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are set and have not fired.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_lock)
                return _pending.Count;
        }
    }

    /// <summary>How long until the next timer is due; null when none is set.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (_lock)
                return _pending.FirstOrDefault() is { } next ? TimeSpan.FromTicks(next.Due - _timestamp) : null;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_lock)
            return _timestamp;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time go on, and fires what becomes due on the way.</summary>
    /// <param name="by">How long, zero or more.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetTimestamp() + by.Ticks;
        while (NextUntil(end) is { } timer)
            timer.Fire();
    }

    /// <summary>Lets time go on to the next timer and fires it; gives false when none is set.</summary>
    public bool AdvanceToNextTimer()
    {
        if (UntilNextTimer is not { } wait)
            return false;
        Advance(wait);
        return true;
    }

    /// <summary>Sets the wall clock to another time. Timers and timestamps go on as they were, as they do when a clock is mended.</summary>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_lock)
            _now = now.ToUniversalTime();
    }

    /// <summary>Goes to the next timer that is due, or to the end when there is none.</summary>
    private ManualTimer? NextUntil(long end)
    {
        lock (_lock)
        {
            var next = _pending.FirstOrDefault();
            if (next is null || next.Due > end)
            {
                GoTo(end);
                return null;
            }
            GoTo(next.Due);
            _pending.Remove(next);
            if (next.Period > 0)
                Set(next, next.Period);
            return next;
        }
    }

    private void GoTo(long timestamp)
    {
        var step = Math.Max(0, timestamp - _timestamp);
        _timestamp += step;
        _now += TimeSpan.FromTicks(step);
    }

    private void Set(ManualTimer timer, long wait)
    {
        timer.Due = _timestamp + wait;
        timer.Sequence = ++_sequence;
        _pending.Add(timer);
    }

    private bool Change(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.IsDisposed)
                return false;
            _pending.Remove(timer);
            timer.Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Set(timer, dueTime.Ticks);
            return true;
        }
    }

    private void Dispose(ManualTimer timer)
    {
        lock (_lock)
        {
            _pending.Remove(timer);
            timer.IsDisposed = true;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; set; }

        public long Period { get; set; }

        public long Sequence { get; set; }

        public bool IsDisposed { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => time.Change(this, dueTime, period);

        public void Dispose() => time.Dispose(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class DueOrder : IComparer<ManualTimer>
    {
        public int Compare(ManualTimer? x, ManualTimer? y)
        {
            var byDue = x!.Due.CompareTo(y!.Due);
            return byDue != 0 ? byDue : x.Sequence.CompareTo(y.Sequence);
        }
    }
}
