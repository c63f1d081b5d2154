namespace Coffer.Vaults;

/// <summary>The store's time, as it was told last. A local clock may be wrong, and is set; this one goes on from there by what is measured.</summary>
internal sealed class StoreTime(TimeProvider time)
{
    private volatile Told? _told;

    /// <summary>The store's time now, or later than that where the local clock was set ahead since; null where it was never told.</summary>
    public DateTimeOffset? Now => _told is { } told ? told.Time + told.At.Elapsed(time) : null;

    /// <summary>What the store's time is at least, wherever the local clock was set since; null where it was never told. It stands still while the machine sleeps.</summary>
    public DateTimeOffset? AtLeast => _told is { } told ? told.Time + time.GetElapsedTime(told.At.Timestamp) : null;

    /// <summary>What it was when it was told, and how far local time was ahead of it then, which is below zero when it was behind; null where it was never told.</summary>
    public (DateTimeOffset Told, TimeSpan Ahead)? Last => _told is { } told ? (told.Time, told.Ahead) : null;

    /// <summary>Notes what the store said.</summary>
    /// <param name="told">Its time.</param>
    /// <param name="asked">When it was asked: it may have taken until now to answer.</param>
    public void Note(DateTimeOffset told, Moment asked)
    {
        var now = Moment.Now(time);
        var ahead = told < asked.Wall ? asked.Wall - told : told > now.Wall ? now.Wall - told : TimeSpan.Zero;
        _told = new Told(told, ahead, now);
    }

    private sealed record Told(DateTimeOffset Time, TimeSpan Ahead, Moment At);
}
