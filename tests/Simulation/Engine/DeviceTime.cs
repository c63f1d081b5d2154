namespace Coffer.Simulation;

/// <summary>The clock of one device: a little wrong, by the same amount for ever. Its timers and its monotonic clock are the world's.</summary>
internal sealed class DeviceTime(TimeProvider world, TimeSpan offset) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => world.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow() + offset;

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        world.CreateTimer(callback, state, dueTime, period);
}
