using Coffer.Vaults.Commits;
using Coffer.Vaults.Packs;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Housekeeping;

/// <summary>
/// Keeps the store and the index small: packs, what packs hold, bodies that nobody needs. Each step looks at what is there and does what is right then, so a round may end anywhere, and several peers may
/// be at it at once.
/// </summary>
internal sealed class Housekeeper(VaultDevice device, Synchronizer sync)
{
    private const int DeleteBatch = 1_000;

    /// <summary>How often all bodies are listed.</summary>
    private static readonly TimeSpan BodyInterval = TimeSpan.FromDays(1);

    private readonly Packer _packer = new(device);

    /// <summary>Does what is due.</summary>
    /// <param name="synced">What the sync before it brought.</param>
    /// <param name="options">What more.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    public async Task<HousekeepingReport> RunAsync(SyncReport synced, HousekeepOptions options, CancellationToken cancellationToken)
    {
        var report = new HousekeepingReport { Sync = synced };
        if (device.Level < AccessLevel.Write)
            return report with { NothingDeletedBecause = "this identity may not write" };
        device.ThrowIfForked();
        options.Progress?.Report(HousekeepingStep.Packing);
        if (device.StoreTime.AtLeast is null)
            await StoreClock.ReadAsync(device, cancellationToken);
        var loose = await ListCommitsAsync(cancellationToken);
        var (packs, commits) = await _packer.PackLooseAsync([.. loose.Keys], cancellationToken);
        report = report with { PacksMade = packs, CommitsPacked = commits };
        if (await WhyNotToDeleteAsync(cancellationToken) is { } reason)
            return report with { NothingDeletedBecause = reason };
        try
        {
            options.Progress?.Report(HousekeepingStep.Deleting);
            report = await DeletePackedAsync(report, loose, cancellationToken);
            options.Progress?.Report(HousekeepingStep.Merging);
            report = report with { PacksMerged = await _packer.MergeAsync(cancellationToken) };
            return await DeleteBodiesAsync(report, options, cancellationToken);
        }
        catch (StoreException fault) when (fault.Operation == StoreOperation.Delete && fault.Kind is StoreErrorKind.PermissionDenied or StoreErrorKind.Unsupported)
        {
            device.Status.RefusesDeletes = true;
            return report with { NothingDeletedBecause = $"the store refuses deletes ({fault.Message})" };
        }
    }

    /// <summary>The commits that are on the store under their own names, and when each came there.</summary>
    private async Task<SortedDictionary<CommitName, DateTimeOffset?>> ListCommitsAsync(CancellationToken cancellationToken)
    {
        var names = new SortedDictionary<CommitName, DateTimeOffset?>();
        await foreach (var entry in device.Store.ListAsync(device.Names.Commits, cancellationToken: cancellationToken))
        {
            if (device.Names.ParseCommit(entry.Key) is { } name)
                names.Add(name, entry.LastModified);
        }
        return names;
    }

    /// <summary>Nothing is deleted on the word of an index that may lack something, or of a store or member that is known to have lied.</summary>
    private async Task<string?> WhyNotToDeleteAsync(CancellationToken cancellationToken)
    {
        if (!sync.ListedWithin(device.PackingMargin / 2))
            await sync.SyncAsync(thorough: true, cancellationToken);
        return WhyNotToDelete();
    }

    private string? WhyNotToDelete()
    {
        if (device.Vouches.AllMissing() is [var missing, ..])
            return $"{missing.Link} is missing, which {missing.Voucher} vouches for";
        if (device.Commits.CountRefused(VerdictReason.Forked) > 0)
            return "a member signed two commits of one number, and no admin has settled which counts";
        return null;
    }

    private async Task<HousekeepingReport> DeletePackedAsync(HousekeepingReport report, SortedDictionary<CommitName, DateTimeOffset?> loose, CancellationToken cancellationToken)
    {
        var packs = new SortedDictionary<PackName, DateTimeOffset>();
        await foreach (var entry in device.Store.ListAsync(device.Names.Packs, cancellationToken: cancellationToken))
        {
            if (device.Names.ParsePack(entry.Key) is { } name && entry.LastModified is { } made)
                packs.Add(name, made);
        }
        var junk = loose.Where(entry => entry.Value is not null && IsJunk(entry.Key)).ToList();
        if ((packs.Count == 0 && junk.Count == 0) || await StoreClock.ReadAsync(device, cancellationToken) is not { } now)
            return report;
        var (commits, replaced) = await new PackSweeper(device, _packer).FindAsync([.. loose.Keys], packs, now, cancellationToken);
        var old = junk.Where(entry => now - entry.Value >= BodySweeper.Grace).Select(entry => device.Names.Commit(entry.Key)).ToList();
        await DeleteAsync(commits, cancellationToken);
        await DeleteAsync(replaced, cancellationToken);
        await DeleteAsync(old, cancellationToken);
        return report with { CommitsDeleted = commits.Count, PacksDeleted = replaced.Count, JunkDeleted = old.Count };
    }

    /// <summary>What stands under a commit's name, is none that any key will open, and that nothing signed vouches for.</summary>
    private bool IsJunk(CommitName name) => device.Vouches.UnopenedEpoch(name) < 0 && !device.Commits.Holds(name) && !device.Vouches.IsMissing(name);

    private async Task<HousekeepingReport> DeleteBodiesAsync(HousekeepingReport report, HousekeepOptions options, CancellationToken cancellationToken)
    {
        if (!options.Bodies && !device.IsDue(device.Status.BodiesListed, BodyInterval))
            return report;
        if (await CompleteSinceAsync(cancellationToken) is not { } known)
            return report;
        if (WhyNotToDelete() is { } reason)
            return report with { NothingDeletedBecause = reason };
        options.Progress?.Report(HousekeepingStep.Bodies);
        var sweeper = new BodySweeper(device, known);
        var (ended, all) = await sweeper.FindAsync(cancellationToken);
        await DeleteAsync(ended.ConvertAll(static entry => entry.Key), cancellationToken);
        if (all)
        {
            device.Database.Write(() =>
            {
                sweeper.Forget();
                device.Status.BodiesListed = device.Now;
            });
        }
        return report with { BodiesDeleted = ended.Count, BytesFreed = ended.Sum(static entry => entry.Size) };
    }

    /// <summary>
    /// When a complete listing began of which the index has everything, by the store's time and no other. A store whose listings do not tell it is asked for its time first, and listed then. Null where nothing tells it.
    /// </summary>
    private async Task<DateTimeOffset?> CompleteSinceAsync(CancellationToken cancellationToken)
    {
        if (device.Status.ListingBegan is { } began)
            return DateTimeOffset.FromUnixTimeMilliseconds(began);
        if (await StoreClock.ReadAsync(device, cancellationToken) is not { } now)
            return null;
        await sync.SyncAsync(thorough: true, cancellationToken);
        return now;
    }

    private async Task DeleteAsync(List<StoreKey> keys, CancellationToken cancellationToken)
    {
        foreach (var batch in keys.Chunk(DeleteBatch))
        {
            await device.Store.DeleteManyAsync(batch, cancellationToken);
            device.Status.RefusesDeletes = false;
        }
    }
}
