namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>The real clock, but a test can jump ahead, and waits between tries take no time.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private static readonly TimeSpan LongestSkipped = TimeSpan.FromSeconds(30);

    private long _ticks;

    private TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public void Jump(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime <= LongestSkipped ? TimeSpan.Zero : dueTime, period);
}
