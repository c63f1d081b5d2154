namespace Coffer.Vaults.Ledger;

/// <summary>What a block that took access lists of the member's writers. Writers of the member's that are not listed count for nothing below its height.</summary>
/// <param name="Height">The height of the block.</param>
/// <param name="Member">From whom access was taken.</param>
/// <param name="Entries">Ascending by writer.</param>
internal sealed record CutOff(long Height, PublicId Member, IReadOnlyList<CutOffEntry> Entries);
