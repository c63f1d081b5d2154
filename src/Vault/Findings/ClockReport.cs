using System.Globalization;

namespace Coffer.Vaults;

/// <summary>What is said of clocks that disagree.</summary>
internal static class ClockReport
{
    private static readonly TimeSpan MostApart = TimeSpan.FromMinutes(1);

    /// <summary>A finding when this device's clock and the store's are too far apart; null when they are not.</summary>
    /// <param name="store">The store's time.</param>
    /// <param name="ahead">How far this device's was ahead of it; below zero when it was behind.</param>
    public static Finding? Compare(DateTimeOffset store, TimeSpan ahead)
    {
        if (ahead.Duration() <= MostApart)
            return null;
        var direction = ahead > TimeSpan.Zero ? "ahead of" : "behind";
        return new Finding(
            FindingKind.Clock,
            $"this device's clock {direction} the store's",
            string.Create(CultureInfo.InvariantCulture,
                $"This device's clock says {store + ahead:u} and the store's {store:u}: it is {Math.Round(ahead.Duration().TotalMinutes)} minutes {direction} it. Set the one that is wrong. What is written by a clock that is ahead waits on other devices, and by a wrong one what ends at a moment ends too early or too late."),
            NamesStore: true);
    }
}
