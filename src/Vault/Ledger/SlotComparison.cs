using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>Holds what stands in a slot against what stood there when it was judged.</summary>
internal static class SlotComparison
{
    /// <summary>What is wrong with the object of a slot that is held; null when it is the same, or as good.</summary>
    /// <param name="chain">The accepted blocks.</param>
    /// <param name="held">What was read there before.</param>
    /// <param name="bytes">What stands there now; null when it is larger than any block.</param>
    public static Finding? Contradiction(LedgerChain chain, StoredBlock held, byte[]? bytes)
    {
        var hash = bytes is null ? Digest.Zero : Digest.Of(bytes);
        if (hash == held.Hash)
            return null;
        // One sort of junk is as good as another: everybody skips both.
        if (held.Height == 0 && (bytes is null || chain.Judge(held.Slot, bytes) is Judgement.Skipped { Author: null }))
            return null;
        var signer = bytes is null ? null : chain.SignerOfLater(held.Slot, bytes);
        return new Finding(
            FindingKind.Proof,
            LedgerNames.Subject(held.Slot),
            $"Slot {held.Slot} of the ledger holds another object than before, and nobody may change what stands there. "
                + (signer is null
                    ? "Who can write to the store is behind it. What this device knows of the ledger stays as it is; 'coffer repair' puts the block back."
                    : $"{signer.Fingerprint}, an admin, signed the new one; that admin or who can write to the store is behind it."),
            signer,
            NamesStore: true,
            Evidence: hash.IsZero ? null : hash.ToString(),
            Expected: held.Hash.ToString(),
            Found: bytes is null ? "an object that is larger than any block" : hash.ToString());
    }

    /// <summary>The finding for a slot that is held and is not on the store any more.</summary>
    public static Finding Absence(StoredBlock held) => new(
        FindingKind.Absence,
        LedgerNames.Subject(held.Slot),
        $"Slot {held.Slot} of the ledger is gone from the store, and nobody may delete it. This device holds it, and 'coffer repair' puts it back.",
        NamesStore: true,
        Evidence: held.Hash.ToString(),
        Expected: held.Hash.ToString(),
        Found: "nothing");
}
