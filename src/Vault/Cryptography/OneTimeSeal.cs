using System.Security.Cryptography;

namespace Coffer.Vaults.Cryptography;

/// <summary>
/// The <c>seal(key, text, ad)</c> of the format: AES-256-GCM (NIST SP 800-38D) with a nonce of zeros. Its key must be fresh or derived for this one text: a
/// second text under one key would give both away.
/// </summary>
internal static class OneTimeSeal
{
    /// <summary>The size of a key in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>How many bytes a sealed text is longer than the text.</summary>
    public const int Overhead = 16;

    /// <summary>The ciphertext and behind it the 16-byte tag.</summary>
    /// <param name="key">32 bytes that seal nothing else, ever.</param>
    /// <param name="plaintext">What is sealed.</param>
    /// <param name="associatedData">What the tag covers beside it.</param>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        var output = new byte[plaintext.Length + Overhead];
        using var aes = Cipher(key);
        aes.Encrypt(Nonce, plaintext, output.AsSpan(0, plaintext.Length), output.AsSpan(plaintext.Length), associatedData);
        return output;
    }

    /// <summary>The text, or false when the key, the bytes or the associated data are not those of the seal.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associatedData, out byte[] plaintext)
    {
        plaintext = [];
        if (sealedBytes.Length < Overhead)
            return false;
        var opened = new byte[sealedBytes.Length - Overhead];
        using var aes = Cipher(key);
        try
        {
            aes.Decrypt(Nonce, sealedBytes[..opened.Length], sealedBytes[opened.Length..], opened, associatedData);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        plaintext = opened;
        return true;
    }

    private static ReadOnlySpan<byte> Nonce => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static AesGcm Cipher(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
            throw new ArgumentException($"A key has {KeySize} bytes, not {key.Length}.", nameof(key));
        return new AesGcm(key, Overhead);
    }
}
