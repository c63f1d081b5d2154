using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Index;

/// <summary>What a person is told of a commit that does not count.</summary>
internal static class VerdictReport
{
    public static Finding Of(PublicId author, CommitName name, Digest hash, VerdictReason reason, bool counted)
    {
        var kind = reason switch
        {
            VerdictReason.Forked => FindingKind.Proof,
            VerdictReason.LedgerHash => FindingKind.Claim,
            _ => counted ? FindingKind.Withdrawn : FindingKind.Refused,
        };
        var message = $"Commit {name} of {author.Fingerprint} {(counted ? "counts no more" : "is refused")}: {Why(reason)}.";
        return new Finding(kind, $"commit {name} {hash}", message, author, NamesStore: kind == FindingKind.Claim, Base32Hex.Format(name.Writer));
    }

    public static Finding OfClock(PublicId author, CommitName name, HybridTime clock) => new(
        FindingKind.Clock,
        $"commit {name}",
        $"Commit {name} of {author.Fingerprint} is stamped {clock.Time:u}, more than 5 minutes ahead of this device's clock. It counts when its time comes; check both clocks.",
        author,
        NamesStore: false,
        Base32Hex.Format(name.Writer));

    private static string Why(VerdictReason reason) => reason switch
    {
        VerdictReason.EpochEnded => "it is sealed with a key that had been replaced by the time it states",
        VerdictReason.LedgerHash => "it states another block than ours for the ledger height that it names, so its author saw another ledger, or lies",
        VerdictReason.Level => "its author had no right to write it",
        VerdictReason.Epoch => "it is sealed with a key that was not the current one",
        VerdictReason.CutOff => "its author's access was taken, and it is not among what an admin let count",
        VerdictReason.OffChain => "it is not on the chain of commits that an admin named",
        VerdictReason.Lost => "an admin declared it lost",
        VerdictReason.Forked => "its author signed two different commits under one number, and no admin has settled which of them counts",
        VerdictReason.ChainRule => "its clock or its ledger height falls behind an earlier commit of its writer",
        _ => "it is not complete yet",
    };
}
