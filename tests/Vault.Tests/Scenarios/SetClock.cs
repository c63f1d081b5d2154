namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>The real clock, set wrong by as much as a test says. What is measured and waited for goes on as before: a clock that is set moves no timer.</summary>
internal sealed class SetClock : TimeProvider
{
    private long _ticks;

    /// <summary>How far it is ahead.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
