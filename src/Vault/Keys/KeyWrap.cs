using System.Security.Cryptography;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Keys;

/// <summary>
/// An epoch key for one member (docs/format.md, section 5): a point of a fresh key, and the epoch key sealed under what that key and the member's share. Bound
/// to the vault, the epoch and the recipient.
/// </summary>
internal static class KeyWrap
{
    /// <summary>The size in bytes.</summary>
    public const int Size = Secp256k1.PointSize + OneTimeSeal.KeySize + OneTimeSeal.Overhead;

    /// <summary>Wraps a key for a member.</summary>
    /// <param name="context">What stands for the vault.</param>
    /// <param name="epoch">The key's epoch.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="recipient">Who can open it.</param>
    /// <param name="random">Where the fresh key comes from.</param>
    public static byte[] Seal(Digest context, long epoch, ReadOnlySpan<byte> key, PublicId recipient, IRandomSource random)
    {
        Span<byte> scalar = stackalloc byte[Secp256k1.ScalarSize];
        FreshScalar(random, scalar);
        var point = Secp256k1.PointOf(scalar);
        var shared = Secp256k1.Agree(scalar, recipient.Point);
        CryptographicOperations.ZeroMemory(scalar);
        Span<byte> wrapKey = stackalloc byte[Derivation.Size];
        Derive(shared, context, epoch, point, recipient, wrapKey);
        byte[] wrap = [.. point, .. OneTimeSeal.Seal(wrapKey, key, [])];
        CryptographicOperations.ZeroMemory(wrapKey);
        return wrap;
    }

    /// <summary>Opens a wrap; false when it is not one for this recipient, epoch and vault. Wipe what comes out.</summary>
    public static bool TryOpen(Digest context, long epoch, ReadOnlySpan<byte> wrap, PrivateId recipient, out byte[] key)
    {
        key = [];
        if (wrap.Length != Size || !Secp256k1.IsPoint(wrap[..Secp256k1.PointSize]))
            return false;
        var point = wrap[..Secp256k1.PointSize];
        var shared = recipient.Agree(point);
        Span<byte> wrapKey = stackalloc byte[Derivation.Size];
        Derive(shared, context, epoch, point, recipient.Public, wrapKey);
        var opened = OneTimeSeal.TryOpen(wrapKey, wrap[Secp256k1.PointSize..], [], out key);
        CryptographicOperations.ZeroMemory(wrapKey);
        return opened;
    }

    private static void Derive(byte[] shared, Digest context, long epoch, ReadOnlySpan<byte> point, PublicId recipient, Span<byte> wrapKey)
    {
        var info = new LengthPrefixed("coffer/wrap/v1").Add(context).Add(epoch).Add(point).Add(recipient.Bytes);
        Derivation.Derive(shared, [], info.Written, wrapKey);
        CryptographicOperations.ZeroMemory(shared);
    }

    private static void FreshScalar(IRandomSource random, Span<byte> scalar)
    {
        // Fewer than one in 2^127 tries is refused, so only a broken source comes here twice; it may not keep us for ever.
        for (var tries = 0; tries < 16; tries++)
        {
            random.Fill(scalar);
            if (Secp256k1.IsScalar(scalar))
                return;
        }
        throw new CryptographicException("The source of random bytes gives no private keys; it is broken.");
    }
}
