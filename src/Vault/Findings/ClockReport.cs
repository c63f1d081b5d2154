using System.Globalization;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

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

    /// <summary>A finding when a commit was left out of a pack because all of it has ended, and by this device's clock it has not.</summary>
    /// <param name="link">The commit.</param>
    /// <param name="end">When the last of its records ends.</param>
    public static Finding OfStub(CommitLink link, DateTimeOffset end) => new(
        FindingKind.Clock,
        $"commit {link.Name} {link.Hash}",
        $"All of commit {link.Name} of {link.Author.Fingerprint} is said to have ended, and was left out of a pack; it ends at {end:u}, more than 5 minutes ahead of this device's clock. What its writer wrote after it counts here when that time comes. Set this device's clock; if it is right, the store hides that commit.",
        link.Author,
        NamesStore: true,
        Base32Hex.Format(link.Writer),
        Evidence: link.Hash.ToString());
}
