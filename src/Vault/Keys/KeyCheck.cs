using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Keys;

/// <summary>The check value of an epoch key (docs/format.md, section 5): it tells whether a key is the right one, and nothing else about it.</summary>
internal static class KeyCheck
{
    /// <summary>The check value of a key.</summary>
    /// <param name="context">What stands for the vault.</param>
    /// <param name="epoch">The key's epoch.</param>
    /// <param name="key">32 bytes.</param>
    public static Digest Of(Digest context, long epoch, ReadOnlySpan<byte> key)
    {
        Span<byte> check = stackalloc byte[Derivation.Size];
        Derivation.Derive(key, [], new LengthPrefixed("coffer/epoch-check/v1").Add(context).Add(epoch).Written, check);
        return new Digest(check);
    }
}
