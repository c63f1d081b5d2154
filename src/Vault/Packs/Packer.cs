using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.Records;
using Coffer.Vaults.Sync;

namespace Coffer.Vaults.Packs;

/// <summary>
/// Makes packs: of commits that are in none, of several small packs, and of one in which much has ended. Each is put under a name that its content gives, read back, and verified; nothing is deleted here. It may be
/// ended anywhere, and several peers may do it at once: what two of them make of the same commits is the same object.
/// </summary>
internal sealed class Packer(VaultDevice device)
{
    private readonly WholeCommits _commits = new(device);
    private readonly PackFetcher _fetcher = new(device.Store, device.Names);

    /// <summary>Packs the loose commits that may be. Gives how many packs were made, and of how many commits.</summary>
    /// <param name="listed">The commits that are on the store under their own names.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<(int Packs, int Commits)> PackLooseAsync(IReadOnlyList<CommitName> listed, CancellationToken cancellationToken)
    {
        var standing = new PackOrder(device.Packs, device.Passed).Standing(device.Packs.Opened()).Select(static pack => pack.Row).ToHashSet();
        var loose = listed.Select(device.Commits.Packable).OfType<PackableCommit>().Where(commit => !device.Packs.IsIn(commit.Name, commit.Hash, standing)).ToList();
        var (packs, commits) = (0, 0);
        foreach (var group in PackPlan.Cut(PackPlan.Eligible(loose, device.SegmentInterval, device.Time.GetUtcNow())))
        {
            var entries = await _commits.ReadAsync(group, cancellationToken);
            if (entries.Count < PackPlan.LeastPacked || !await PutAsync(entries, cancellationToken))
                continue;
            packs++;
            commits += entries.Count;
        }
        return (packs, commits);
    }

    /// <summary>Merges small packs, and writes packs anew of which much has ended. Gives how many packs were made.</summary>
    public async Task<int> MergeAsync(CancellationToken cancellationToken)
    {
        if (device.Status.RefusesDeletes)
            return 0;
        var order = new PackOrder(device.Packs, device.Passed);
        var standing = order.Standing(device.Packs.Opened());
        var merges = PackPlan.Merges(standing);
        var merged = merges.SelectMany(static merge => merge).Select(static pack => pack.Row).ToHashSet();
        var stubs = StubRules.Of(device);
        merges.AddRange(standing.Where(pack => !merged.Contains(pack.Row) && IsWorthRenewing(pack, order.ContentsOf(pack), stubs)).Select(static pack => new List<KnownPack> { pack }));
        var made = 0;
        foreach (var merge in merges)
        {
            if (await MergeAsync(merge, stubs, cancellationToken))
                made++;
        }
        return made;
    }

    /// <summary>Reads a pack back and verifies all of it; true when it holds what it should.</summary>
    public async Task<bool> VerifyAsync(KnownPack pack, CancellationToken cancellationToken)
    {
        if (pack.IsVerified)
            return true;
        if (await _fetcher.FetchWholeAsync(pack.Name, cancellationToken) is not { Fault: null } read)
            return false;
        if (!await AreGoodAsync(read.Entries, cancellationToken))
            return false;
        device.Packs.SetVerified(pack.Name);
        return true;
    }

    private async Task<bool> MergeAsync(List<KnownPack> packs, StubRules stubs, CancellationToken cancellationToken)
    {
        var entries = new SortedDictionary<CommitName, PackEntry>();
        foreach (var pack in packs)
        {
            if (await _fetcher.FetchWholeAsync(pack.Name, cancellationToken) is not { Fault: null } read || !await AreGoodAsync(read.Entries, cancellationToken))
                return false;
            foreach (var entry in read.Entries)
            {
                if (!entries.TryGetValue(entry.Name, out var other))
                    entries.Add(entry.Name, entry);
                else if (other.Hash != entry.Hash)
                    return false;
                else if (other.Form == PackForm.Stub || (other.Form == PackForm.WithoutTail && entry.Form == PackForm.WithTail))
                    entries[entry.Name] = entry;
            }
        }
        return await PutAsync([.. entries.Values.Select(entry => Shortened(entry, stubs))], cancellationToken);
    }

    /// <summary>Puts a pack, and reads it back. False when it is not whole there.</summary>
    private async Task<bool> PutAsync(List<PackEntry> entries, CancellationToken cancellationToken)
    {
        entries.Sort(static (left, right) => left.Name.CompareTo(right.Name));
        var (name, bytes) = PackCodec.Write(entries);
        if (!device.Packs.Knows(name))
        {
            try
            {
                await device.Store.PutBytesAsync(device.Names.Pack(name), bytes, PutOptions.CreateOnly, cancellationToken);
            }
            catch (StoreException fault) when (fault.Kind is StoreErrorKind.AlreadyExists or StoreErrorKind.OutcomeUnknown)
            {
                // Somebody made the same, or it may have arrived: reading it back tells.
            }
        }
        if (await _fetcher.FetchWholeAsync(name, cancellationToken) is not { Fault: null } read)
            return false;
        device.Database.Write(() =>
        {
            device.Packs.Add(name, read.Size, read.Entries, lacks: 0);
            device.Packs.SetVerified(name);
        });
        return true;
    }

    private async Task<bool> AreGoodAsync(IReadOnlyList<PackEntry> entries, CancellationToken cancellationToken)
    {
        var good = false;
        await device.Environment.Workers.RunAsync(() => good = entries.All(entry => _commits.IsGood(entry, device.Passed)), cancellationToken);
        return good;
    }

    /// <summary>Whether a quarter of a pack, and 64 KiB at least, would go with what has ended.</summary>
    private bool IsWorthRenewing(
        KnownPack pack, Dictionary<(CommitName Name, Digest Hash), PackedCommit> contents, StubRules stubs)
    {
        var ended = 0L;
        foreach (var ((name, _), commit) in contents)
        {
            if (commit.Form == PackForm.WithTail && !commit.HasLivingTail(device.Passed))
                ended += commit.TailLength;
            if (commit.Form != PackForm.Stub && stubs.Allow(name, commit.End))
                ended += Math.Max(0, commit.HeadLength - Digest.Size);
        }
        return ended >= Math.Max(64 << 10, pack.Size / 4);
    }

    /// <summary>The entry without what has ended.</summary>
    private PackEntry Shortened(PackEntry entry, StubRules stubs)
    {
        if (entry.Form == PackForm.Stub)
            return entry;
        if (stubs.Allow(entry.Name, entry.Header.Ends))
            return PackEntry.Stub(entry);
        return entry.Form == PackForm.WithTail && device.Commits.Packable(entry.Name) is { } known && !known.HasLivingTail(device.Passed)
            ? PackEntry.Whole(entry.Header, entry.Head, default)
            : entry;
    }
}
