using System.Globalization;

namespace Coffer.Vaults.Sync;

/// <summary>
/// Signs of life: what nothing vouches for yet can be hidden, so in a vault with a freshness window an admin's device commits something now and then, be it nothing, and everybody who sees no sign for a whole window says so.
/// </summary>
internal sealed class FreshnessWatch(VaultDevice device)
{
    /// <summary>How long no admin may be silent; null when nobody watches.</summary>
    private TimeSpan? Window => device.Ledger.Tip.Configuration.Freshness is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>When an admin's device gave the last sign that came here, a commit or the newest block, by its clock; null when nobody watches.</summary>
    public DateTimeOffset? LastSign
    {
        get
        {
            if (Window is null)
                return null;
            var tip = device.Ledger.Tip;
            var commit = tip.Readers().Where(member => tip.LevelOf(member) == AccessLevel.Admin).Select(device.Commits.LatestClockOf).Max().Time;
            return commit > tip.Time ? commit : tip.Time;
        }
    }

    /// <summary>Whether this device is to give a sign: half of the window has passed since the last one, whoever gave it.</summary>
    public bool IsSignDue => device.Level == AccessLevel.Admin && Window is { } window && LastSign is { } last && Silence(last) >= window / 2;

    /// <summary>Reports silence after a complete listing, and lets an earlier report go when somebody has spoken since.</summary>
    public void AfterListing()
    {
        if (Window is not { } window || LastSign is not { } last)
            return;
        if (Silence(last) <= window)
            device.Findings.AcceptAll(FindingKind.Silence);
        else
            device.Findings.Report(Report(window, last));
    }

    private TimeSpan Silence(DateTimeOffset last) => device.Time.GetUtcNow() - last;

    private static Finding Report(TimeSpan window, DateTimeOffset last)
    {
        var since = last.ToString("u", CultureInfo.InvariantCulture);
        return new Finding(
            FindingKind.Silence,
            $"no sign since {since}",
            $"No admin's device has given a sign here since {since}, and one should every {window.TotalHours:0.##} hours at least. Either none of them was running, or the store hides what is new: what was written since then may be missing here. Ask an admin, by another way than the store, whether one was.",
            NamesStore: true,
            Expected: $"a commit or block of an admin that is younger than {window.TotalHours:0.##} hours",
            Found: $"none since {since}");
    }
}
