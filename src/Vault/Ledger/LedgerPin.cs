using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>A block that somebody vouched for outside of the store, such as in an invitation.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record LedgerPin(long Slot, long Height, Digest Hash)
{
    /// <summary>What is wrong when a chain, after a look that began later than the pin was read, has not this block; null when it has it.</summary>
    public Finding? Check(LedgerChain chain)
    {
        if (chain.Height < Height)
        {
            return new Finding(
                FindingKind.Absence,
                LedgerNames.Subject(Slot),
                $"The ledger ends at height {chain.Height}, and the invitation or pin vouches for height {Height}: the store hides or lost its newest blocks.",
                NamesStore: true,
                Evidence: Hash.ToString());
        }
        return chain.HashAt(Height) == Hash
            ? null
            : new Finding(
                FindingKind.Proof,
                LedgerNames.Subject(Slot),
                $"The block of height {Height} is another one than the invitation or pin vouches for: the store shows another history, or the invitation is wrong.",
                NamesStore: true,
                Evidence: Hash.ToString());
    }
}
