using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>The object of one slot, as an index keeps it for ever.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Height">The height of the block; 0 when the slot was skipped.</param>
/// <param name="Hash">The SHA-256 of the object; zero for one that was too large to be read.</param>
/// <param name="Bytes">The object; empty for large junk, which is not kept.</param>
internal sealed record StoredBlock(long Slot, long Height, Digest Hash, byte[] Bytes);
