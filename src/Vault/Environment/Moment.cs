namespace Coffer.Vaults;

/// <summary>
/// A moment to measure from with a clock that runs on while the machine sleeps: the monotonic clock stops then, and the wall clock may be set back, so the longer of both counts. Immutable, and so read from any thread.
/// </summary>
internal sealed record Moment(long Timestamp, DateTimeOffset Wall)
{
    public static Moment Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    public TimeSpan Elapsed(TimeProvider time)
    {
        var monotonic = time.GetElapsedTime(Timestamp);
        var wall = time.GetUtcNow() - Wall;
        return wall > monotonic ? wall : monotonic;
    }
}
