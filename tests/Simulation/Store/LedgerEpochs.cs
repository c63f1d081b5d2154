namespace Coffer.Simulation;

/// <summary>Which key epoch each slot of the ledger begins, so that it shows when somebody seals under a key that it knows to be an old one.</summary>
internal sealed class LedgerEpochs
{
    private readonly List<(string Slot, ulong Epoch)> _begun = [];

    /// <summary>A block was stored.</summary>
    public void Stored(string slot, byte[] bytes)
    {
        if (StoredBlock.Of(bytes).Epoch is { } epoch)
            _begun.Add((slot, epoch));
    }

    /// <summary>
    /// What somebody knows who lists the ledger from behind a slot on: the look at its end begins with the newest slot that is held, and so behind the one before that.
    /// </summary>
    public ulong KnownBy(string listedAfter) => _begun.Where(begun => string.CompareOrdinal(begun.Slot, Next(listedAfter)) <= 0).Select(static begun => begun.Epoch).DefaultIfEmpty(0UL).Max();

    private static string Next(string slot) => Wire.Name(Wire.Number(slot) + 1);
}
