namespace Coffer.Vaults.Ledger;

/// <summary>Where an index keeps every slot of the ledger that it has judged, durably.</summary>
internal interface ILedgerArchive
{
    /// <summary>All that was saved, ascending by slot, from slot 1 without a gap.</summary>
    IReadOnlyList<StoredBlock> Load();

    /// <summary>Keeps a slot. When it returns, the slot is durable. To save one again that was saved before changes nothing.</summary>
    void Save(StoredBlock block);
}
