using System.Security.Cryptography;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Keys;

/// <summary>
/// A key for one person (docs/format.md, section 5): a point of a fresh key, and the wrapped key sealed under what that key and the person's share. Bound to
/// that person, and to the context that is stated.
/// </summary>
internal static class KeyWrap
{
    /// <summary>The size in bytes.</summary>
    public const int Size = Secp256k1.PointSize + OneTimeSeal.KeySize + OneTimeSeal.Overhead;

    /// <summary>What the wrap of an epoch key is bound to.</summary>
    /// <param name="vault">What stands for the vault.</param>
    /// <param name="epoch">The key's epoch.</param>
    public static LengthPrefixed OfEpoch(Digest vault, long epoch) => new LengthPrefixed("coffer/wrap/v1").Add(vault).Add(epoch);

    /// <summary>Wraps a key.</summary>
    /// <param name="context">What it is bound to, a label of its own first.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="holder">Who can open it.</param>
    /// <param name="random">Where the fresh key comes from.</param>
    public static byte[] Seal(LengthPrefixed context, ReadOnlySpan<byte> key, PublicId holder, IRandomSource random)
    {
        Span<byte> scalar = stackalloc byte[Secp256k1.ScalarSize];
        FreshScalar(random, scalar);
        var point = Secp256k1.PointOf(scalar);
        var shared = Secp256k1.Agree(scalar, holder.Point);
        CryptographicOperations.ZeroMemory(scalar);
        Span<byte> wrapKey = stackalloc byte[Derivation.Size];
        Derive(shared, context, point, holder, wrapKey);
        byte[] wrap = [.. point, .. OneTimeSeal.Seal(wrapKey, key, [])];
        CryptographicOperations.ZeroMemory(wrapKey);
        return wrap;
    }

    /// <summary>Opens a wrap; false when it is not one for this person and context. Wipe what comes out.</summary>
    public static bool TryOpen(LengthPrefixed context, ReadOnlySpan<byte> wrap, PrivateId holder, out byte[] key)
    {
        key = [];
        if (wrap.Length != Size || !Secp256k1.IsPoint(wrap[..Secp256k1.PointSize]))
            return false;
        var point = wrap[..Secp256k1.PointSize];
        var shared = holder.Agree(point);
        Span<byte> wrapKey = stackalloc byte[Derivation.Size];
        Derive(shared, context, point, holder.Public, wrapKey);
        var opened = OneTimeSeal.TryOpen(wrapKey, wrap[Secp256k1.PointSize..], [], out key);
        CryptographicOperations.ZeroMemory(wrapKey);
        return opened;
    }

    private static void Derive(byte[] shared, LengthPrefixed context, ReadOnlySpan<byte> point, PublicId holder, Span<byte> wrapKey)
    {
        Derivation.Derive(shared, [], new LengthPrefixed(context).Add(point).Add(holder.Bytes).Written, wrapKey);
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
