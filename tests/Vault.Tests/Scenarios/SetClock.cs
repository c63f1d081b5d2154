namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A clock that is right until a test sets it. Time is measured by the one behind it.</summary>
/// <param name="right">The one that is right; the system's unless told.</param>
internal sealed class SetClock(TimeProvider? right = null) : TimeProvider
{
    private readonly TimeProvider _right = right ?? System;
    private long _ticks;

    /// <summary>How far it is ahead.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    public override long TimestampFrequency => _right.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _right.GetUtcNow() + Ahead;

    public override long GetTimestamp() => _right.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _right.CreateTimer(callback, state, dueTime, period);
}
