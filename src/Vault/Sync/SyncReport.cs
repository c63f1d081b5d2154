namespace Coffer.Vaults;

/// <summary>What a sync brought.</summary>
/// <param name="Blocks">Blocks of the ledger that are new here.</param>
/// <param name="Commits">Commits that are new here.</param>
public sealed record SyncReport(int Blocks, int Commits)
{
    internal static SyncReport Nothing { get; } = new(0, 0);

    internal static SyncReport Sum(SyncReport left, SyncReport right) => new(left.Blocks + right.Blocks, left.Commits + right.Commits);
}
