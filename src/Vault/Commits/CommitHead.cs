using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Commits;

/// <summary>The sealed and signed part of a commit.</summary>
internal sealed record CommitHead
{
    /// <summary>The most entries of a seen-list.</summary>
    public const int MaxSeen = 64;

    public required PublicId Author { get; init; }

    public required long LedgerHeight { get; init; }

    public required Digest LedgerHash { get; init; }

    /// <summary>Newest commits of other writers that this writer newly knows.</summary>
    public required IReadOnlyList<CommitLink> Seen { get; init; }

    public required IReadOnlyList<ObjectUse> Objects { get; init; }

    public required IReadOnlyList<Record> Records { get; init; }

    /// <summary>Whether it holds nothing that a reader may not say: a seen-list, and records of the author's own attributes.</summary>
    public bool OnlyOwnAttributes => Records.All(record => record is FileRecord { Space: Spaces.Members });
}
