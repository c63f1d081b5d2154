namespace Coffer.Vaults.Verdicts;

/// <summary>Whether a commit counts, and if not, why.</summary>
internal readonly record struct Verdict(VerdictKind Kind, VerdictReason Reason)
{
    public static Verdict Accepted { get; } = new(VerdictKind.Accepted, VerdictReason.None);

    public static Verdict Refused(VerdictReason reason) => new(VerdictKind.Refused, reason);

    public static Verdict Waiting(VerdictReason reason) => new(VerdictKind.Waiting, reason);
}

/// <summary>The numbers are kept in the index.</summary>
internal enum VerdictKind
{
    Waiting = 0,
    Accepted = 1,
    Refused = 2,
}

/// <summary>Why a commit does not count. The numbers are kept in the index.</summary>
internal enum VerdictReason
{
    None = 0,

    /// <summary>The next epoch begins at or below the ledger height that it states.</summary>
    EpochEnded = 1,

    /// <summary>It states another hash for a block than the one that we have.</summary>
    LedgerHash = 2,

    /// <summary>Its author may not do this at its ledger height.</summary>
    Level = 3,

    /// <summary>Its epoch is not the one at its ledger height.</summary>
    Epoch = 4,

    /// <summary>It lies beyond what a cut-off or settle lets count.</summary>
    CutOff = 5,

    /// <summary>It is not on the chain that a cut-off or settle names.</summary>
    OffChain = 6,

    /// <summary>A settle declared it lost.</summary>
    Lost = 7,

    /// <summary>Its writer signed two commits of one number, and no block has chosen.</summary>
    Forked = 8,

    /// <summary>Its clock or its ledger height falls behind a commit before it.</summary>
    ChainRule = 9,

    /// <summary>Waits for a block of the ledger.</summary>
    Block = 20,

    /// <summary>Waits for the rest of the chain that a cut-off or settle names.</summary>
    CutOffChain = 21,

    /// <summary>Waits for its predecessor.</summary>
    Gap = 22,

    /// <summary>Waits until its clock is not too far ahead any more.</summary>
    Clock = 23,
}
