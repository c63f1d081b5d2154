using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.Packs;

namespace Coffer.Vaults.Sync;

/// <summary>Finds the packs that hold the tail of a commit.</summary>
internal sealed class PackLocator(PackTable packs, Synchronizer sync)
{
    /// <summary>Where the tail is, as far as packs were read, the largest pack first.</summary>
    public IReadOnlyList<(PackName Pack, long Offset)> TailsOf(CommitName commit, Digest hash) => packs.TailsOf(commit, hash);

    /// <summary>Reads the packs that are new on the store.</summary>
    public Task LookAsync(CancellationToken cancellationToken) => sync.LookIntoPacksAsync(cancellationToken);
}
