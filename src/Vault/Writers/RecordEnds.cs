using Coffer.Vaults.Index;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Writers;

/// <summary>When the records of a commit that is built end: none before an earlier one of its file does, or the earlier one would show again. One commit may hold several versions of a file.</summary>
internal sealed class RecordEnds(RecordTable records)
{
    private readonly Dictionary<(long Space, string Path, FileSeal? Seal), long> _built = [];

    /// <summary>When the next record ends, in milliseconds since 1970; 0 = never. What never ends by itself needs no look at earlier ones.</summary>
    public long Of(RecordPlan plan, FileSeal? seal)
    {
        if (plan.Space == Spaces.Members)
            return 0;
        var end = plan is PutPlan { ContentEnd: 0 } ? 0 : After(plan, Earlier(plan, seal));
        _built[(plan.Space, plan.Path, seal)] = end;
        return end;
    }

    /// <summary>What stands in this commit already ends no earlier than all that was there before.</summary>
    private long? Earlier(RecordPlan plan, FileSeal? seal) =>
        _built.TryGetValue((plan.Space, plan.Path, seal), out var built) ? built : records.LatestRecordEnd(plan.Space, plan.Path, seal);

    private static long After(RecordPlan plan, long? earlier) => plan is not PutPlan put ? earlier ?? 0 : earlier == 0 ? 0 : Math.Max(put.ContentEnd, earlier ?? 0);
}
