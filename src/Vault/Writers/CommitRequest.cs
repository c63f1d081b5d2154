using Coffer.Vaults.Commits;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Writers;

/// <summary>Records that become visible together: all of them go into one commit.</summary>
/// <param name="plans">The records.</param>
internal sealed class CommitRequest(IReadOnlyList<RecordPlan> plans)
{
    /// <summary>The largest content that goes into a tail.</summary>
    public const int MaxSmall = 4 << 10;

    private const int SealOverhead = 16;
    private const int RecordOverhead = 128;
    private const int PieceOverhead = 96;
    private const int SecretOverhead = 320;

    public IReadOnlyList<RecordPlan> Plans { get; private set; } = plans;

    /// <summary>The entries of the queue that it holds.</summary>
    public IReadOnlyList<long> Pending { get; private set; } = EntriesOf(plans);

    /// <summary>How much of a tail the small contents need, in bytes.</summary>
    public int TailLength { get; } = plans.OfType<PutPlan>().Sum(plan => TailShare(plan.Small?.Length ?? 0));

    /// <summary>How much of a tail a content of this length takes, sealed; an empty one takes nothing.</summary>
    public static int TailShare(int length) => length == 0 ? 0 : length + SealOverhead;

    /// <summary>About how much of a head the records need, in bytes; rather too much.</summary>
    public long HeadEstimate { get; } = plans.Sum(plan => RecordOverhead + (plan.Recipient is null ? 0 : SecretOverhead) + (3L * plan.Path.Length) + (plan is PutPlan put ? put.Attributes.Length + (PieceOverhead * (1L + put.Body.Pieces.Count)) : 0));

    /// <summary>Whether these are attributes of the member itself alone, which a reader may set too.</summary>
    public bool OnlyOwnAttributes => Plans.All(plan => plan.Space == Spaces.Members);

    /// <summary>Leaves out what belongs to entries that are not in the queue any more. False when nothing is left.</summary>
    public bool Keep(Func<long, bool> isOpen)
    {
        if (Pending.All(isOpen))
            return true;
        var open = Pending.Where(isOpen).ToHashSet();
        Plans = [.. Plans.Where(plan => plan.Pending is not { } entry || open.Contains(entry))];
        Pending = EntriesOf(Plans);
        return Plans.Count > 0;
    }

    private static IReadOnlyList<long> EntriesOf(IReadOnlyList<RecordPlan> plans) => [.. plans.Select(static plan => plan.Pending).OfType<long>().Distinct()];

    /// <summary>Told when the commit is stored, or why it could not be; cancelled when it is not wanted any more, or nobody waits for it.</summary>
    public TaskCompletionSource<Commit> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
