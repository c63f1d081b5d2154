using System.Globalization;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.State;

/// <summary>The exact bytes of every slot of the ledger that was judged.</summary>
internal sealed class BlockTable(LocalDatabase database) : ILedgerArchive
{
    public IReadOnlyList<StoredBlock> Load() => database.Query(
        "SELECT slot, height, hash, bytes FROM blocks ORDER BY slot", reader => new StoredBlock(reader.GetInt64(0), reader.GetInt64(1), reader.Digest(2), reader.Bytes(3)));

    /// <summary>The newest slot that any process of this device has judged; 0 for none.</summary>
    public long Newest => Convert.ToInt64(database.Scalar("SELECT COALESCE(MAX(slot), 0) FROM blocks"), CultureInfo.InvariantCulture);

    public void Clear() => database.Run("DELETE FROM blocks");

    public void Save(StoredBlock block) => database.Run(
        "INSERT INTO blocks(slot, height, hash, bytes) VALUES(?,?,?,?) ON CONFLICT DO NOTHING", block.Slot, block.Height, block.Hash.ToArray(), block.Bytes);
}
