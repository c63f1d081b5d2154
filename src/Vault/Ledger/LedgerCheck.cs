using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>Reads every slot of the ledger that is held again, and puts back what the store lost.</summary>
internal sealed class LedgerCheck(LedgerSlots slots, LedgerReplica replica, ILedgerArchive archive)
{
    private const int Reads = 8;

    /// <summary>What stands where junk was skipped that is not kept: nothing that counts.</summary>
    public static readonly byte[] Filler = [.. "Something that was skipped stood in this slot, and was lost. Nothing counts here.\n"u8];

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
            return found is null ? SlotComparison.Absence(block) : SlotComparison.Contradiction(replica.Chain, block, found.Bytes);
        }, cancellationToken);
        return (held.Count, bytes, [.. findings.OfType<Finding>()]);
    }

    /// <summary>
    /// Puts back what is absent, and what was overwritten by something that no admin signed. Gives how many slots that were; another admin's block in the place of one is left, because which of them counts is for people to find out.
    /// </summary>
    public async Task<int> RepairAsync(CancellationToken cancellationToken)
    {
        var held = archive.Load();
        var mended = await Concurrently.SelectAsync(held, Reads, async (block, token) => await RepairAsync(block, token), cancellationToken);
        return mended.Count(static isMended => isMended);
    }

    private async ValueTask<bool> RepairAsync(StoredBlock block, CancellationToken cancellationToken)
    {
        var bytes = block.Bytes.Length > 0 ? block.Bytes : Filler;
        if (await slots.ReadAsync(block.Slot, cancellationToken) is not { } found)
        {
            try
            {
                await slots.CreateAsync(block.Slot, bytes, cancellationToken);
                return true;
            }
            catch (StoreException fault) when (fault.Kind is StoreErrorKind.AlreadyExists or StoreErrorKind.OutcomeUnknown)
            {
                // Somebody else puts it back at the same time, or this did and was not told: what stands there now is compared once more by who called.
                return false;
            }
        }
        if (SlotComparison.Contradiction(replica.Chain, block, found.Bytes) is not { Member: null } || block.Bytes.Length == 0)
            return false;
        await slots.ReplaceAsync(block.Slot, bytes, cancellationToken);
        return true;
    }
}
