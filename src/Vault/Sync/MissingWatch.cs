using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.State;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Sync;

/// <summary>
/// Commits that signed statements, or this device's pins, vouch for, and that are not here. After a complete listing that began after the statement was read they are a claim, when another commit stands in
/// their place, or an absence, when none does.
/// </summary>
internal sealed class MissingWatch(VaultDevice device)
{
    /// <summary>How long an open vault waits before it reports an absence.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Whether anything is missing.</summary>
    public bool Any => device.Vouches.AllMissing().Count > 0;

    /// <summary>Vouches for everything that this device has pinned: before the first listing after an index was begun.</summary>
    public void VouchForPins(long height)
    {
        foreach (var pin in device.Pins.All())
        {
            if (!device.Commits.Holds(pin))
                device.Vouches.NoteVouched(pin, "this device, which saw it before", height);
        }
    }

    /// <summary>What is missing by what this device knows now; without what waits for its end.</summary>
    public IReadOnlyList<Finding> Missing() => [.. AllMissing().Select(Of)];

    /// <summary>The commits that are missing by what this device knows now.</summary>
    public IReadOnlyList<CommitLink> MissingLinks() => [.. AllMissing().Select(static absent => absent.Link)];

    private IEnumerable<VouchTable.Missing> AllMissing() => device.Vouches.AllMissing().Where(absent => !IsSettled(device.Ledger, absent) && WaitsUntil(absent.Link) is null);

    /// <summary>Looks through what is missing after a complete listing. What was vouched for only while it ran may have been written behind its back, and is asked for by the next one.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="began">When the listing began, by local time.</param>
    /// <param name="atOnce">Whether the vault is being opened: then what an earlier listing lacked as well is reported at once, and an open vault gives it time to come.</param>
    public void AfterListing(LedgerChain ledger, DateTimeOffset began, bool atOnce)
    {
        foreach (var absent in device.Vouches.AllMissing())
        {
            if (IsSettled(ledger, absent))
                device.Vouches.Arrived(absent.Link);
            else if (WaitsUntil(absent.Link) is { } end)
                ReportStub(absent.Link, end);
            else if (absent.Missed is not { } missed)
                device.Vouches.SetMissed(absent.Link, began.ToUnixTimeMilliseconds());
            else if (device.Commits.HoldsAnother(absent.Link) || atOnce || began.ToUnixTimeMilliseconds() - missed >= Patience.TotalMilliseconds)
                device.Findings.Report(Of(absent));
        }
    }

    private bool IsSettled(LedgerChain ledger, VouchTable.Missing absent) => device.Commits.Holds(absent.Link) || VouchesNoMore(ledger, absent);

    private Finding Of(VouchTable.Missing absent) => device.Commits.HoldsAnother(absent.Link) ? Claim(absent) : Absence(absent);

    /// <summary>
    /// When the records of a commit end that is here as a stub alone, if they may have ended, though they have not by local time: a clock that is behind is a better reason for that than a store that hides something, unless the store's time says no as well. Such a commit waits until its end comes here; null for one that does not.
    /// </summary>
    private long? WaitsUntil(CommitLink link) => link.Number > 1 && device.Packs.EndOfStub(link) is > 0 and var end
        && (device.StoreTime.Now is not { } store || end <= store.ToUnixTimeMilliseconds() + LineJudge.MostAheadMilliseconds) ? end : null;

    private void ReportStub(CommitLink link, long end)
    {
        if (end > device.Now + LineJudge.MostAheadMilliseconds)
            device.Findings.Report(ClockReport.OfStub(link, DateTimeOffset.FromUnixTimeMilliseconds(end)));
    }

    /// <summary>
    /// Beyond a cut-off or settle nothing vouches. A writer that a cut-off lists is ended by it, whenever the statement was made; one that it does not list may have begun after it, so only statements from before it are void.
    /// </summary>
    private static bool VouchesNoMore(LedgerChain ledger, VouchTable.Missing absent)
    {
        var link = absent.Link;
        var settle = ledger.SettlesOf(link.Author, link.Writer) is { Count: > 0 } settles ? settles[^1] : null;
        if (settle is not null && (LineChains.IsLost(settle, link.Number) || (settle.Height > absent.Height && link.Number > settle.Number)))
            return true;
        foreach (var cutOff in ledger.CutOffsOf(link.Author))
        {
            var listed = cutOff.Entries.Where(entry => entry.Writer == link.Writer).Select(entry => entry.Number).FirstOrDefault();
            var last = settle is not null && settle.Height > cutOff.Height ? settle.Number : listed;
            if ((listed > 0 || cutOff.Height > absent.Height) && link.Number > last)
                return true;
        }
        return false;
    }

    private static Finding Claim(VouchTable.Missing absent) => new(
        FindingKind.Claim,
        $"commit {absent.Link.Name} {absent.Link.Hash}",
        $"{absent.Voucher} vouches for {absent.Link}, and another commit stands under that name. Either its author or the store shows different things to different people.",
        absent.Link.Author,
        NamesStore: true,
        Base32Hex.Format(absent.Link.Writer),
        Expected: absent.Link.Hash.ToString(),
        Found: "another commit of that name");

    private static Finding Absence(VouchTable.Missing absent) => new(
        FindingKind.Absence,
        $"commit {absent.Link.Name} {absent.Link.Hash}",
        $"{absent.Voucher} vouches for {absent.Link}, and the store does not have it. What was written with it, and what its writer wrote after it, is not readable here until it comes back; everything else is. 'coffer repair' on a device of its author puts it back, or restore that object from a copy of the store; what nobody can put back an admin settles as lost ('coffer settle').",
        absent.Link.Author,
        NamesStore: true,
        Base32Hex.Format(absent.Link.Writer),
        Expected: absent.Link.Hash.ToString(),
        Found: "nothing");
}
