namespace Coffer.Vaults.Commits;

/// <summary>
/// A stamp of the hybrid logical clock (Kulkarni and others, 2014): 48 bits of milliseconds since 1970, and 16 bits that count on within one of them. It orders
/// all commits, and never falls within a writer.
/// </summary>
internal readonly record struct HybridTime(long Value) : IComparable<HybridTime>
{
    public long Milliseconds => Value >> 16;

    public int Counter => (int)(Value & 0xFFFF);

    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Milliseconds, MaxMilliseconds));

    /// <summary>The last millisecond that <see cref="DateTimeOffset"/> can hold, 9999-12-31.</summary>
    private const long MaxMilliseconds = 253_402_300_799_999;

    /// <summary>What comes before every stamp.</summary>
    public static HybridTime BeforeAll => new(-1);

    public static HybridTime At(DateTimeOffset time) => new(Math.Max(0, time.ToUnixTimeMilliseconds()) << 16);

    /// <summary>The last stamp of a millisecond.</summary>
    public static HybridTime EndOf(long milliseconds) => new((milliseconds << 16) | 0xFFFF);

    /// <summary>The next stamp: local time, or just after the latest one known, if that is later.</summary>
    public static HybridTime Next(DateTimeOffset now, HybridTime latest) => new(Math.Max(At(now).Value, latest.Value + 1));

    public int CompareTo(HybridTime other) => Value.CompareTo(other.Value);
}
