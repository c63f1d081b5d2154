using System.Text;
using Coffer.Stores;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Naming;

namespace Coffer.Fuzzing.Targets;

/// <summary>The names of objects in a listing.</summary>
internal sealed class NameTarget : FuzzTarget
{
    private readonly VaultNames _names = new("users");

    public override string Name => "names";

    public override IEnumerable<byte[]> Seeds(SeedWorld world) => world.Keys.Select(Encoding.UTF8.GetBytes);

    public override bool Read(byte[] input)
    {
        if (!StoreKey.TryParse(Encoding.UTF8.GetString(input), out var key))
            return false;
        var written = _names.ParseCommit(key) is { } commit ? _names.Commit(commit)
            : _names.ParsePack(key) is { } pack ? _names.Pack(pack)
            : _names.ParseObject(key) is { } body ? _names.Object(body)
            : LedgerNames.TryParse("users", key.Value, out var slot) ? StoreKey.Parse(LedgerNames.Name("users", slot))
            : default(StoreKey?);
        return written is { } name && Same(input, Encoding.UTF8.GetBytes(name.Value));
    }

    public override bool IsDocumented(Exception fault) => false;
}
