namespace Coffer.Vaults.Records;

/// <summary>How ends compare, which are milliseconds since 1970 with 0 for never.</summary>
internal static class RecordEnds
{
    /// <summary>The later of two ends.</summary>
    public static long Later(long left, long right) => left == 0 || right == 0 ? 0 : Math.Max(left, right);

    /// <summary>Whether an end has passed.</summary>
    public static bool HasPassed(long end, long now) => end != 0 && end <= now;
}
