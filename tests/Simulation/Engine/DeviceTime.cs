namespace Coffer.Simulation;

/// <summary>The clock of one device: a little wrong, running a little too fast or too slow, and set by hours now and then. Its timers and its monotonic clock are the world's.</summary>
internal sealed class DeviceTime(TimeProvider world, TimeSpan offset, double drift) : TimeProvider
{
    private readonly DateTimeOffset _start = world.GetUtcNow();
    private TimeSpan _offset = offset;
    private double _drift = drift;

    /// <summary>Whether it was ever set.</summary>
    public bool HasJumped { get; private set; }

    /// <summary>How far it was ever set ahead of the world.</summary>
    public TimeSpan MostAhead { get; private set; }

    /// <summary>By how much it went back when it was mended in the end: what was due before that is sent at an earlier time.</summary>
    public TimeSpan MendedBack { get; private set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => world.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        var now = world.GetUtcNow();
        return now + _offset + ((now - _start) * _drift);
    }

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        world.CreateTimer(callback, state, dueTime, period);

    /// <summary>Somebody sets it wrong by so much.</summary>
    public void Set(TimeSpan wrong)
    {
        HasJumped = true;
        _offset = wrong;
        if (wrong > MostAhead)
            MostAhead = wrong;
    }

    /// <summary>It is right from now on.</summary>
    public void Mend()
    {
        var ahead = GetUtcNow() - world.GetUtcNow();
        MendedBack = ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero;
        _offset = TimeSpan.Zero;
        _drift = 0;
    }
}
