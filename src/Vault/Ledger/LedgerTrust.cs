using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>What is believed before the first block is read.</summary>
/// <param name="Creator">Who signed the first block, and is the only admin until there is one.</param>
/// <param name="Realm">The realm that the first block must name.</param>
/// <param name="VaultId">The hash of the first block, from an invitation or from an earlier look; null takes the creator's first one that is found.</param>
internal sealed record LedgerTrust(PublicId Creator, string Realm, Digest? VaultId = null);
