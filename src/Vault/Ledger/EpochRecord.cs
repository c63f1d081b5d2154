using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>What the chain says of a key epoch.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Start">The height of the block that started it.</param>
/// <param name="Author">Who made that block.</param>
/// <param name="Check">The check value of its key.</param>
/// <param name="Links">Earlier keys sealed under it, ascending by epoch.</param>
internal sealed record EpochRecord(long Number, long Start, PublicId Author, Digest Check, IReadOnlyList<EpochLink> Links);
