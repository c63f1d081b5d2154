using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Integrity;

/// <summary>A commit that counts, and what of it a check has found on the store so far.</summary>
/// <param name="link">The commit.</param>
/// <param name="hasLivingTail">Whether a body in its tail still lives.</param>
internal sealed class ExpectedCommit(CommitLink link, bool hasLivingTail)
{
    public CommitLink Link { get; } = link;

    /// <summary>Whether its head was found, or the stub that may stand for it.</summary>
    public bool HasHead { get; set; }

    /// <summary>Whether every living body in its tail was found; true when there is none.</summary>
    public bool HasTail { get; set; } = !hasLivingTail;

    /// <summary>What stands under its name instead of it; null for nothing.</summary>
    public Digest? Instead { get; set; }

    public bool IsWhole => HasHead && HasTail;
}
