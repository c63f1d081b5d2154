using Coffer.Vaults.State;

namespace Coffer.Vaults.Pending;

/// <summary>Makes the attempt to send a group of entries, and keeps what came of it for each: sent, to be tried again, or refused.</summary>
internal sealed class GroupSender(VaultDevice device, PendingSender sender, Spool spool, ProgressListeners listeners)
{
    private PendingTable Table => device.Pending;

    /// <summary>Sends a group. When one of it is refused, the halves of it are sent by themselves, until it is found which: no other is refused with it.</summary>
    /// <param name="ids">The entries, in the order in which they were accepted.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>True when all that could be sent is; false when the attempt failed for a reason that may pass; null when it was ended.</returns>
    public async Task<bool?> SendAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (await AttemptAsync(ids, cancellationToken) is not { } outcome)
            return null;
        if (outcome is not Outcome.OneIsRefused)
            return outcome is not Outcome.Failed;
        var half = ids.Count / 2;
        // What is accepted later goes later: when the first half has to wait, so has the second.
        return await SendAsync([.. ids.Take(half)], cancellationToken) is true ? await SendAsync([.. ids.Skip(half)], cancellationToken) : false;
    }

    private async Task<Outcome?> AttemptAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var calls = ids.Select(Table.Get).OfType<PendingTable.PendingCall>().ToList();
        if (calls.Count == 0)
            return Outcome.Done;
        try
        {
            await sender.SendAsync(calls, listeners.Of, cancellationToken);
            return Outcome.Done;
        }
        catch (Exception fault)
        {
            if (cancellationToken.IsCancellationRequested)
                return null;
            return Judge(fault, calls.FindAll(call => Table.IsOpen(call.Id)));
        }
        finally
        {
            foreach (var call in calls.FindAll(call => !Table.IsOpen(call.Id)))
            {
                listeners.Forget(call.Files.Select(static file => file.Plan.Id));
                if (call.Spool is not null)
                    spool.Release(call.Spool);
            }
        }
    }

    private Outcome Judge(Exception fault, List<PendingTable.PendingCall> open)
    {
        if (open.Count == 0)
            return Outcome.Done;
        var refusal = SendFaults.RefusalOf(fault, Table.Attempts(open[0].Id));
        if (refusal is not null && open.Count > 1)
            return Outcome.OneIsRefused;
        device.Database.Write(() => open.ForEach(call => Table.Failed(call.Id, fault.Message, refusal)));
        return refusal is null ? Outcome.Failed : Outcome.Done;
    }

    private enum Outcome
    {
        Done,
        Failed,
        OneIsRefused,
    }
}
