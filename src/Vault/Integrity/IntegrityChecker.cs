using Coffer.Vaults.Sync;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Integrity;

/// <summary>Holds all of a vault on its store against what this device knows, and what members signed.</summary>
internal sealed class IntegrityChecker(VaultDevice device, Synchronizer sync, IntegrityCheckOptions options)
{
    private readonly Lock _lock = new();

    /// <summary>Checks everything. Findings are kept as any others.</summary>
    public async Task<IntegrityReport> RunAsync(CancellationToken cancellationToken)
    {
        Tell(IntegrityStep.Sync, 0, 0);
        await sync.SyncAtOnceAsync(cancellationToken);
        var ledger = await device.CheckLedgerAsync((done, total) => Tell(IntegrityStep.Ledger, done, total), cancellationToken);
        var needed = new NeededBodies(device.Now, options.Deep);
        var commits = new CommitCheck(device, sync, options.Deep, needed, (done, total) => Tell(IntegrityStep.Commits, done, total));
        var ofCommits = await commits.RunAsync(cancellationToken);
        var objects = needed.ByName();
        var bodies = new BodyCheck(device, options.Deep, (done, total) => Tell(IntegrityStep.Bodies, done, total));
        var ofBodies = await bodies.RunAsync(objects, cancellationToken);
        List<Finding> findings = [.. ledger.Findings, .. ofCommits, .. ofBodies];
        device.Database.Write(() => findings.ForEach(device.Findings.Report));
        return new IntegrityReport
        {
            IsDeep = options.Deep,
            Blocks = ledger.Slots,
            Commits = commits.Whole,
            Packs = commits.Packs,
            Objects = objects.Count,
            BytesRead = ledger.Bytes + commits.BytesRead + bodies.BytesRead,
            Findings = [.. findings, .. Standing(findings)],
        };
    }

    /// <summary>What this device found at other times and holds now as well: what is missing, what stops the ledger, commits with two chains, and claims that nobody has accepted.</summary>
    private List<Finding> Standing(List<Finding> known)
    {
        var isForked = device.Commits.CountRefused(VerdictReason.Forked) > 0;
        var reported = device.Findings.All().Where(static found => !found.IsAccepted).Select(static found => found.Finding)
            .Where(finding => finding.Kind is FindingKind.Claim or FindingKind.KeyMisfit or FindingKind.Silence || (isForked && finding is { Kind: FindingKind.Proof, Expected: null, Writer: not null }));
        var standing = new List<Finding>();
        foreach (var finding in new MissingWatch(device).Missing().Concat(device.LedgerObstacles).Concat(reported))
        {
            if (!known.Concat(standing).Any(finding.IsSame))
                standing.Add(finding);
        }
        return standing;
    }

    private void Tell(IntegrityStep step, long done, long total)
    {
        lock (_lock)
            options.Progress?.Report(new IntegrityProgress(step, done, total));
    }
}
