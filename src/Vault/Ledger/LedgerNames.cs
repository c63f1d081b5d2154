using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>Names of the slots of a ledger (docs/format.md, section 2).</summary>
internal static class LedgerNames
{
    private const string Folder = "ledger/";

    /// <summary>What all slots of a realm's ledger begin with.</summary>
    public static string Prefix(string realm) => realm + "/" + Folder;

    /// <summary>The key of a slot; slot 0 has none and sorts before all.</summary>
    public static string Name(string realm, long slot) => Prefix(realm) + Base32Hex.Format((ulong)slot);

    /// <summary>A slot's name in findings, without the realm.</summary>
    public static string Subject(long slot) => Folder + Base32Hex.Format((ulong)slot);

    /// <summary>The slot of a key, or false when the key is that of no slot.</summary>
    public static bool TryParse(string realm, string key, out long slot)
    {
        var prefix = Prefix(realm);
        slot = 0;
        if (!key.StartsWith(prefix, StringComparison.Ordinal) || !Base32Hex.TryParse(key.AsSpan(prefix.Length), out ulong number) || number is 0 or > long.MaxValue)
            return false;
        slot = (long)number;
        return true;
    }
}
