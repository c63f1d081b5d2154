using Coffer.Vaults.Commits;
using Coffer.Vaults.Sync;

namespace Coffer.Vaults.Integrity;

/// <summary>Puts back under the same names what the store lost and this device has in its state: the blocks of the ledger, and its own commits, byte for byte.</summary>
internal sealed class Repairer(VaultDevice device, Synchronizer sync)
{
    private readonly CommitFetcher _fetcher = new(device.Store, device.Names);
    private readonly CommitOpener _opener = new(device.Keys, device.Identity, device.Environment);

    /// <summary>Puts back what it can.</summary>
    public async Task<RepairReport> RunAsync(CancellationToken cancellationToken)
    {
        // A store that is not there, because a disk is not mounted, is no store to put anything back to: the look says so.
        await sync.LookAtLedgerAsync(cancellationToken);
        var (blocks, ledger) = await device.RepairLedgerAsync(cancellationToken);
        await sync.SyncAtOnceAsync(cancellationToken);
        var (broken, left) = await CheckCommitsAsync(cancellationToken);
        var commits = 0;
        foreach (var link in broken.Concat(device.Vouches.AllMissing().Select(static missing => missing.Link)).Distinct())
        {
            if (device.OwnWriters.BytesOf(link.Name, link.Hash) is { } bytes && await PutBackAsync(link.Name, bytes, cancellationToken))
                commits++;
        }
        if (commits > 0)
        {
            await sync.SyncAtOnceAsync(cancellationToken);
            (_, left) = await CheckCommitsAsync(cancellationToken);
        }
        return new RepairReport { Blocks = blocks, Commits = commits, Left = [.. ledger, .. left, .. new MissingWatch(device).Missing()] };
    }

    private async Task<(List<CommitLink> Broken, IReadOnlyList<Finding> Findings)> CheckCommitsAsync(CancellationToken cancellationToken)
    {
        var check = new CommitCheck(device, sync, deep: true);
        var findings = await check.RunAsync(cancellationToken);
        return ([.. check.Broken], findings);
    }

    /// <summary>Puts back one commit. Another one that its author signed under that name is left: which of them counts is for an admin to say.</summary>
    private async Task<bool> PutBackAsync(CommitName name, byte[] bytes, CancellationToken cancellationToken)
    {
        var key = device.Names.Commit(name);
        try
        {
            await device.Store.PutBytesAsync(key, bytes, PutOptions.CreateOnly, cancellationToken);
            return true;
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.AlreadyExists)
        {
            if (await _fetcher.FetchAsync(name, cancellationToken) is { } found && IsCommit(found))
                return false;
            await device.Store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
            return true;
        }
    }

    /// <summary>Whether somebody signed what stands there; what takes a key that is not here may be a commit too.</summary>
    private bool IsCommit(FetchedCommit found) => _opener.Open(device.Ledger.Tip.VaultId, found) is { Commit: not null } or { Epoch: not null };
}
