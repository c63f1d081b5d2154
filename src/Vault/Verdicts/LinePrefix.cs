using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Verdicts;

/// <summary>The end of a line whose commits are all accepted, without gap or fork: enough to judge what follows, without reading it all again.</summary>
internal readonly record struct LinePrefix(long Number, Digest Hash, HybridTime Clock, long Height)
{
    /// <summary>The ledger height of the line's first commit: every cut-off of its author above that looks back at the line.</summary>
    public long Began { get; init; } = long.MaxValue;

    /// <summary>The beginning of every line.</summary>
    public static LinePrefix Empty { get; } = new(0, Digest.Zero, default, 0);
}
