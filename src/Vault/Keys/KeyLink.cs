using System.Security.Cryptography;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Keys;

/// <summary>An earlier epoch's key, sealed under a later one's (docs/format.md, section 5), so that one wrap opens the past.</summary>
internal static class KeyLink
{
    /// <summary>The size in bytes.</summary>
    public const int Size = OneTimeSeal.KeySize + OneTimeSeal.Overhead;

    /// <summary>Seals the key of an earlier epoch.</summary>
    /// <param name="context">What stands for the vault.</param>
    /// <param name="epoch">The later epoch.</param>
    /// <param name="key">The later epoch's key, 32 bytes.</param>
    /// <param name="earlier">The earlier epoch.</param>
    /// <param name="earlierKey">Its key, 32 bytes.</param>
    public static byte[] Seal(Digest context, long epoch, ReadOnlySpan<byte> key, long earlier, ReadOnlySpan<byte> earlierKey)
    {
        Span<byte> linkKey = stackalloc byte[Derivation.Size];
        Derive(context, epoch, key, earlier, linkKey);
        var link = OneTimeSeal.Seal(linkKey, earlierKey, []);
        CryptographicOperations.ZeroMemory(linkKey);
        return link;
    }

    /// <summary>Opens a link; false when it was not sealed under this key for these epochs. Wipe what comes out.</summary>
    public static bool TryOpen(Digest context, long epoch, ReadOnlySpan<byte> key, long earlier, ReadOnlySpan<byte> link, out byte[] earlierKey)
    {
        Span<byte> linkKey = stackalloc byte[Derivation.Size];
        Derive(context, epoch, key, earlier, linkKey);
        var opened = OneTimeSeal.TryOpen(linkKey, link, [], out earlierKey);
        CryptographicOperations.ZeroMemory(linkKey);
        return opened;
    }

    private static void Derive(Digest context, long epoch, ReadOnlySpan<byte> key, long earlier, Span<byte> linkKey) =>
        Derivation.Derive(key, [], new LengthPrefixed("coffer/epoch-link/v1").Add(context).Add(epoch).Add(earlier).Written, linkKey);
}
