namespace Coffer.Vaults.Ledger;

/// <summary>Reads every slot of the ledger that is held again, and puts back what the store lost.</summary>
internal sealed class LedgerCheck(LedgerSlots slots, LedgerReplica replica, ILedgerArchive archive)
{
    private const int Reads = 8;

    /// <summary>Compares each slot. Gives how many there are, their bytes, and what is wrong with them.</summary>
    /// <param name="done">Told how many were compared, out of how many.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<(long Slots, long Bytes, IReadOnlyList<Finding> Findings)> RunAsync(Action<long, long> done, CancellationToken cancellationToken)
    {
        var held = archive.Load();
        var compared = 0L;
        var bytes = 0L;
        var findings = await Concurrently.SelectAsync(held, Reads, async (block, token) =>
        {
            var found = await slots.ReadAsync(block.Slot, token);
            Interlocked.Add(ref bytes, found?.Bytes?.Length ?? 0);
            done(Interlocked.Increment(ref compared), held.Count);
            return Compare(block, found);
        }, cancellationToken);
        return (held.Count, bytes, [.. findings.OfType<Finding>()]);
    }

    /// <summary>
    /// Puts back what is absent, and what was overwritten by something that no admin signed. Gives how many slots that were, and what is wrong afterwards; another admin's block in the place of one is left, because which of them counts is for people to find out.
    /// </summary>
    public async Task<(int PutBack, IReadOnlyList<Finding> Left)> RepairAsync(CancellationToken cancellationToken)
    {
        var slotsHeld = await Concurrently.SelectAsync(archive.Load(), Reads, async (block, token) => await RepairAsync(block, token), cancellationToken);
        return (slotsHeld.Count(static slot => slot.IsPutBack), [.. slotsHeld.Select(static slot => slot.Left).OfType<Finding>()]);
    }

    private async ValueTask<(bool IsPutBack, Finding? Left)> RepairAsync(StoredBlock block, CancellationToken cancellationToken)
    {
        var found = await slots.ReadAsync(block.Slot, cancellationToken);
        if (found is null)
        {
            try
            {
                await slots.PutBackAsync(block, cancellationToken);
                return (true, null);
            }
            catch (StoreException fault) when (fault.Kind is StoreErrorKind.AlreadyExists or StoreErrorKind.OutcomeUnknown)
            {
                // Somebody else put it back at the same time, or this did and was not told.
                found = await slots.ReadAsync(block.Slot, cancellationToken);
            }
        }
        var wrong = Compare(block, found);
        if (found is null || wrong is not { Member: null } || block.Bytes.Length == 0)
            return (false, wrong);
        await slots.ReplaceAsync(block, cancellationToken);
        return (true, null);
    }

    private Finding? Compare(StoredBlock block, SlotObject? found) =>
        found is null ? SlotComparison.Absence(block) : SlotComparison.Contradiction(replica.Chain, block, found.Bytes);
}
