namespace Coffer.Vaults;

/// <summary>What a round of housekeeping did.</summary>
public sealed record HousekeepingReport
{
    /// <summary>Blocks of the ledger and commits that came with it.</summary>
    public required SyncReport Sync { get; init; }

    /// <summary>Whether the index of this device was damaged, and was made anew from the store.</summary>
    public bool IndexRebuilt { get; init; }

    /// <summary>Files of asynchronous and scheduled writes that were sent.</summary>
    public long PendingSent { get; init; }

    /// <summary>Packs that were made of single commits.</summary>
    public int PacksMade { get; init; }

    /// <summary>Commits that were put into them.</summary>
    public int CommitsPacked { get; init; }

    /// <summary>Packs that were made of smaller packs, or of one in which much had ended.</summary>
    public int PacksMerged { get; init; }

    /// <summary>Single commits that were deleted because a pack holds them.</summary>
    public int CommitsDeleted { get; init; }

    /// <summary>Packs that were deleted because another one replaces them.</summary>
    public int PacksDeleted { get; init; }

    /// <summary>Objects under the names of commits that were deleted because they are none, and nobody misses them.</summary>
    public int JunkDeleted { get; init; }

    /// <summary>Bodies that were deleted because their time had ended, or because nothing names them.</summary>
    public int BodiesDeleted { get; init; }

    /// <summary>The bytes of those bodies.</summary>
    public long BytesFreed { get; init; }

    /// <summary>Why nothing was deleted, for a person; null when everything that may go went.</summary>
    public string? NothingDeletedBecause { get; init; }

    /// <summary>Whether anything on the store was changed, but for what was pending and was sent.</summary>
    public bool DidAnything => PacksMade + PacksMerged + CommitsDeleted + PacksDeleted + JunkDeleted + BodiesDeleted > 0;
}
