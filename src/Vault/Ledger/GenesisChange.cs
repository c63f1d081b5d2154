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

    /// <summary>The realm whose vault everybody can read, and no other one's.</summary>
    public const string PublicRealm = "public";

    private const byte Encrypted = 1;
    private const byte Public = 2;

    /// <inheritdoc/>
    public override long Kind => Number;

    /// <summary>The mode, as it is written: 1 for a vault whose content is encrypted, 2 for one that everybody can read. The realm alone decides it.</summary>
    public byte Mode => IsPublic(Realm) ? Public : Encrypted;

    /// <summary>Whether the vault of a realm is one that everybody can read.</summary>
    public static bool IsPublic(string realm) => string.Equals(realm, PublicRealm, StringComparison.Ordinal);

    /// <summary>Whether a text can name a realm: 1 to 64 of <c>a-z</c>, <c>0-9</c> and <c>-</c>.</summary>
    public static bool IsRealm(string text) =>
        text.Length is >= 1 and <= MostRealm && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
