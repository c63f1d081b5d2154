using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Verdicts;

/// <summary>
/// The end of the beginning of a line: commits from number 1 on, without gap or fork, whose verdicts nothing that comes behind them changes. It is enough to judge what follows, without reading
/// it all again.
/// </summary>
/// <param name="Number">The last number of the beginning; 0 when there is none.</param>
/// <param name="Hash">The hash of that commit.</param>
/// <param name="Clock">The latest clock in it.</param>
/// <param name="Height">The greatest ledger height in it.</param>
/// <param name="Began">The ledger height of its first commit.</param>
internal readonly record struct LinePrefix(long Number, Digest Hash, HybridTime Clock, long Height, long Began)
{
    /// <summary>The beginning of every line.</summary>
    public static LinePrefix Empty { get; } = new(0, Digest.Zero, HybridTime.BeforeAll, 0, 0);

    /// <summary>The beginning with one commit more.</summary>
    public LinePrefix With(LineCommit next) => new(
        next.Number,
        next.Hash,
        next.Clock.CompareTo(Clock) > 0 ? next.Clock : Clock,
        Math.Max(next.Height, Height),
        Number == 0 ? next.Height : Began);
}
