using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>What the object in a slot is to a chain: a pure function of its bytes and the chain before it, so that all peers agree.</summary>
internal abstract record Judgement
{
    private Judgement()
    {
    }

    /// <summary>It is the next block.</summary>
    /// <param name="Block">The block.</param>
    /// <param name="State">What holds after it.</param>
    public sealed record Accepted(Block Block, LedgerState State) : Judgement;

    /// <summary>It does not count, now and for ever.</summary>
    /// <param name="Kind">What it is instead.</param>
    /// <param name="Hash">The SHA-256 of its bytes.</param>
    /// <param name="Reason">Why, in words that go on from "it".</param>
    /// <param name="Author">The admin who signed it; null when no admin did, or when it is only a copy.</param>
    public sealed record Skipped(SkipKind Kind, Digest Hash, string Reason, PublicId? Author = null) : Judgement;

    /// <summary>An admin's block continues the chain and holds what this software does not know: nothing can be said of it or of what follows.</summary>
    /// <param name="What">What is not known.</param>
    /// <param name="Author">The admin.</param>
    public sealed record NewerSoftware(string What, PublicId Author) : Judgement;
}

/// <summary>What an object in a slot is that is not the next block.</summary>
internal enum SkipKind
{
    /// <summary>No block, or none that an admin signed.</summary>
    Junk,

    /// <summary>A block of this chain, or of another vault, in a place that is not its own.</summary>
    Copy,

    /// <summary>A block that an admin signed for a height at which the chain has another one.</summary>
    Proof,

    /// <summary>A block that an admin signed, and that does not continue the chain or breaks its rules.</summary>
    Claim,
}
