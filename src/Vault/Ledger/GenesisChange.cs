using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>The beginning of a vault: only and always in its first block, whose author becomes an admin.</summary>
/// <param name="Nonce">32 random bytes, so that no two vaults have one id.</param>
/// <param name="Realm">The realm in which the vault stands.</param>
/// <param name="SegmentInterval">The segment interval in seconds, 60 to 31,622,400.</param>
internal sealed record GenesisChange(Digest Nonce, string Realm, long SegmentInterval) : LedgerChange
{
    /// <summary>Its number in the format.</summary>
    public const long Number = 1;

    /// <summary>The shortest segment interval, in seconds.</summary>
    public const long LeastInterval = 60;

    /// <summary>The longest segment interval, in seconds: 366 days.</summary>
    public const long MostInterval = 31_622_400;

    /// <summary>The longest name of a realm, in characters.</summary>
    public const int MostRealm = 64;

    /// <summary>The mode of a vault whose content is encrypted, the only one that this version knows.</summary>
    public const byte Encrypted = 1;

    /// <summary>The mode of a vault that everybody can read. Reserved.</summary>
    public const byte Public = 2;

    /// <inheritdoc/>
    public override long Kind => Number;

    /// <summary>Whether a text can name a realm: 1 to 64 of <c>a-z</c>, <c>0-9</c> and <c>-</c>.</summary>
    public static bool IsRealm(string text) =>
        text.Length is >= 1 and <= MostRealm && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
