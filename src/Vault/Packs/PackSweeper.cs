using Coffer.Vaults.Commits;
using Coffer.Vaults.Index;

namespace Coffer.Vaults.Packs;

/// <summary>
/// Deletes what packs hold (format, section 11): a commit that is in a pack which was read back, verified, and has been on the store for the margin; a pack that such a one replaces; and what is no pack, after the time of grace. All ages are between two times
/// of the store.
/// </summary>
internal sealed class PackSweeper(VaultDevice device, Packer packer)
{
    /// <summary>Finds what can go.</summary>
    /// <param name="loose">The commits that are on the store under their own names.</param>
    /// <param name="packs">The packs that are there, with their times.</param>
    /// <param name="storeNow">Now, by the store's time.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<(List<StoreKey> Commits, List<StoreKey> Packs)> FindAsync(
        IReadOnlyList<CommitName> loose, IReadOnlyDictionary<PackName, DateTimeOffset> packs, DateTimeOffset storeNow, CancellationToken cancellationToken)
    {
        var old = new List<KnownPack>();
        var order = new PackOrder(device.Packs, device.Passed);
        var junk = new List<StoreKey>();
        foreach (var pack in device.Packs.Opened())
        {
            if (order.ContentsOf(pack).Count == 0)
            {
                if (packs.TryGetValue(pack.Name, out var came) && storeNow - came >= Housekeeping.BodySweeper.Grace)
                    junk.Add(device.Names.Pack(pack.Name));
                continue;
            }
            if (packs.TryGetValue(pack.Name, out var made) && storeNow - made >= device.PackingMargin && await packer.VerifyAsync(pack, cancellationToken))
                old.Add(pack);
        }
        if (old.Count == 0)
            return ([], junk);
        var commits = new List<StoreKey>();
        foreach (var commit in loose.Select(device.Commits.Packable).OfType<PackableCommit>())
        {
            if (old.Exists(pack => Holds(order, pack, commit)))
                commits.Add(device.Names.Commit(commit.Name));
        }
        var replaced = device.Packs.Opened().Where(pack => packs.ContainsKey(pack.Name) && order.ContentsOf(pack).Count > 0 && old.Exists(other => order.Replaces(other, pack)));
        return (commits, [.. junk, .. replaced.Select(pack => device.Names.Pack(pack.Name))]);
    }

    private bool Holds(PackOrder order, KnownPack pack, PackableCommit commit) =>
        pack.Name.Covers(commit.Clock) && order.ContentsOf(pack).TryGetValue((commit.Name, commit.Hash), out var packed)
        && (packed.Form == PackForm.WithTail || !commit.HasLivingTail(device.Passed))
        && (packed.Form != PackForm.Stub || Records.RecordEnds.HasPassed(packed.End, device.Passed));
}
