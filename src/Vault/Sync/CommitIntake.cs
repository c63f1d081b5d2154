using Coffer.Vaults.Packs;

namespace Coffer.Vaults.Sync;

/// <summary>From fetched bytes into the index: opened on the workers, with the ledger that they need, and applied in one transaction.</summary>
/// <param name="device">The device.</param>
/// <param name="opener">Opens commits.</param>
/// <param name="look">Looks at the ledger.</param>
internal sealed class CommitIntake(VaultDevice device, CommitOpener opener, Func<CancellationToken, Task<int>> look)
{
    private readonly CommitImporter _importer = new(device);

    /// <summary>Imports commits that were read under their own names. Gives how many were new.</summary>
    public async Task<int> ImportAsync(IReadOnlyList<FetchedCommit> fetched, CancellationToken cancellationToken)
    {
        if (fetched.Count == 0)
            return 0;
        var opened = await OpenAsync(fetched, cancellationToken);
        return await ApplyAsync(() => TryApply(opened), cancellationToken);
    }

    /// <summary>Imports what is new of a pack. What in it does not verify is as if it were not there; one of which a commit needs a key that is not here is read again when there is that key.</summary>
    public async Task<int> ImportAsync(FetchedPack pack, CancellationToken cancellationToken)
    {
        var unknown = new List<FetchedCommit>();
        foreach (var entry in pack.Entries)
        {
            if (entry.Form != PackForm.Stub && !device.Commits.Holds(entry.Name, entry.Hash))
                unknown.Add(new FetchedCommit(entry.Name, entry.Header, entry.Head, null));
        }
        var opened = await OpenAsync(unknown, cancellationToken);
        var lacks = opened.Min(static commit => commit.Epoch) ?? 0;
        var usable = opened.Where(commit => commit.Commit is not null && !CommitImporter.IsOfStranger(device.Ledger, commit.Commit)).ToList();
        return await ApplyAsync(() => TryApply(usable, () =>
        {
            device.Packs.Add(pack.Name, pack.Size, pack.Entries, lacks);
            foreach (var junk in opened.Where(static commit => commit is { Commit: null, Epoch: null }))
                device.Findings.Report(Junk(pack.Name, $"commit {junk.Name} in it is not used: {junk.Fault}", Convert.ToHexStringLower(junk.Hash)));
            if (pack.Fault is { } fault)
                device.Findings.Report(Junk(pack.Name, $"it is not used: {fault}", null));
        }), cancellationToken);
    }

    /// <summary>Applies commits in one transaction. Null when another process has judged with a longer ledger than this one knows: its verdicts must not be taken back, so this one looks first.</summary>
    public int? TryApply(IReadOnlyList<OpenedCommit> opened, Action? before = null) => device.Database.Write<int?>(() =>
    {
        if (device.Status.JudgedHeight > device.Ledger.Height)
            return null;
        before?.Invoke();
        var count = _importer.Import(device.Ledger, opened, device.Now);
        JudgeAgain(device.Status.JudgedHeight);
        return count;
    });

    /// <summary>Judges again what a longer ledger or the time may have changed, and takes up what waited for its end.</summary>
    public void JudgeAgain()
    {
        var judged = device.Status.JudgedHeight;
        if (judged > device.Ledger.Height)
            return;
        _importer.TakeUpStubs(device.Ledger, device.Now);
        JudgeAgain(judged);
    }

    private void JudgeAgain(long judged)
    {
        _importer.JudgeAgain(device.Ledger, judged, device.Now);
        if (judged < device.Ledger.Height)
            device.Status.JudgedHeight = device.Ledger.Height;
    }

    /// <summary>Lets wait what this person's devices stamped too far ahead.</summary>
    public void LetAheadWait() => _importer.LetAheadWait(device.Ledger, device.MostAhead, device.Now);

    /// <summary>Opens commits; when one needs an epoch or states a block that is not known here, the ledger is read again first.</summary>
    private async Task<OpenedCommit[]> OpenAsync(IReadOnlyList<FetchedCommit> fetched, CancellationToken cancellationToken)
    {
        var opened = await opener.OpenAsync(device.Ledger.Tip.VaultId, fetched, cancellationToken);
        if (!opened.Any(NeedsLedger))
            return opened;
        await look(cancellationToken);
        return await opener.OpenAsync(device.Ledger.Tip.VaultId, fetched, cancellationToken);
    }

    private bool NeedsLedger(OpenedCommit opened) =>
        opened.Epoch > device.Ledger.Tip.Epoch || (opened.Commit is { } commit && commit.Head.LedgerHeight > device.Ledger.Height);

    private async Task<int> ApplyAsync(Func<int?> apply, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (apply() is { } count)
                return count;
            await look(cancellationToken);
        }
    }

    private static Finding Junk(PackName pack, string fault, string? evidence) => new(
        FindingKind.Junk,
        $"pack {pack}",
        $"The pack packs/{pack} was not made by this software, or was damaged: {fault}. Commits are looked for elsewhere; if one is found nowhere, that is reported for itself.",
        NamesStore: true,
        Evidence: evidence);
}
