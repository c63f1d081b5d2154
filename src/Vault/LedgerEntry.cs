namespace Coffer.Vaults;

/// <summary>A block of the ledger, as a person would want to read it.</summary>
/// <param name="Height">Its place in the chain, from 1.</param>
/// <param name="Slot">The slot that holds it on the store.</param>
/// <param name="Hash">Its hash, in hexadecimal.</param>
/// <param name="Time">The author's clock, which nobody vouches for.</param>
/// <param name="Author">Who signed it.</param>
/// <param name="Changes">What it changed, in words.</param>
public sealed record LedgerEntry(long Height, long Slot, string Hash, DateTimeOffset Time, PublicId Author, IReadOnlyList<string> Changes);
