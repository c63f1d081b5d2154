using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Verdicts;

/// <summary>What a verdict needs to know of one commit of a line.</summary>
internal sealed record LineCommit
{
    /// <summary>Its row in the index.</summary>
    public long Row { get; init; }

    public required long Number { get; init; }

    public required Digest Hash { get; init; }

    public required Digest Previous { get; init; }

    public required HybridTime Clock { get; init; }

    /// <summary>The ledger height that it states; <see cref="Commit.UnknownHeight"/> for a stub.</summary>
    public required long Height { get; init; }

    /// <summary>Whether only the hash of the head is there, because all its records have ended.</summary>
    public bool IsStub => Height == Commit.UnknownHeight;

    public required Digest LedgerHash { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Whether it holds nothing but its author's own attributes, which a reader may set too.</summary>
    public required bool AttributesOnly { get; init; }

    /// <summary>What the index holds of it so far.</summary>
    public Verdict Verdict { get; init; } = Verdict.Waiting(VerdictReason.None);

    public static LineCommit Of(Commit commit) => new()
    {
        Number = commit.Header.Number,
        Hash = commit.Hash,
        Previous = commit.Header.Previous,
        Clock = commit.Header.Clock,
        Height = commit.Head.LedgerHeight,
        LedgerHash = commit.Head.LedgerHash,
        Epoch = commit.Header.Epoch,
        AttributesOnly = commit.Head.OnlyOwnAttributes,
    };
}
