using Coffer.Vaults.Bodies;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Writers;

/// <summary>
/// Makes the secret halves of plans that are sealed to one recipient, on the workers, before their commit is built. They are made once: a commit that is built again holds the same bytes, so
/// that a record key never seals a second text.
/// </summary>
internal sealed class PlanSealer(VaultDevice device)
{
    /// <summary>The plans, in their order, ready for a commit. Plain ones stay as they are.</summary>
    public ValueTask<IReadOnlyList<RecordPlan>> SealAsync(IReadOnlyList<RecordPlan> plans, CancellationToken cancellationToken) =>
        plans.All(static plan => plan.Recipient is null) ? ValueTask.FromResult(plans) : SealThemAsync(plans, cancellationToken);

    private async ValueTask<IReadOnlyList<RecordPlan>> SealThemAsync(IReadOnlyList<RecordPlan> plans, CancellationToken cancellationToken)
    {
        var ready = new RecordPlan[plans.Count];
        var workers = Math.Min(device.Environment.Workers.Count, plans.Count);
        var shares = new Task[workers];
        for (var share = 0; share < workers; share++)
        {
            var first = share;
            shares[share] = device.Environment.Workers.RunAsync(
                () =>
                {
                    for (var i = first; i < ready.Length; i += workers)
                        ready[i] = Seal(plans[i]);
                },
                cancellationToken).AsTask();
        }
        await Task.WhenAll(shares);
        return ready;
    }

    private RecordPlan Seal(RecordPlan plan)
    {
        if (plan.Recipient is not { } recipient)
            return plan;
        var random = device.Environment.Random;
        var small = plan is PutPlan { Small: { Length: > 0 } content } ? new SmallBody(content.Span, random) : null;
        // Of the body, key and length are sealed, and not its place in the tail; nor is the end of the record. Neither is known yet.
        var secret = RecordSeal.Seal(device.Ledger.Tip.VaultId, device.Me, recipient, plan.ToRecord(small?.In(null, 0), recordEnd: 0), random);
        return plan with { Sealed = new SealedPlan(small, secret) };
    }
}
