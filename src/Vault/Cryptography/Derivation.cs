using System.Security.Cryptography;

namespace Coffer.Vaults.Cryptography;

/// <summary>The <c>HKDF(ikm, salt, info)</c> of the format: HKDF-SHA256 (RFC 5869) with 32 bytes of output.</summary>
internal static class Derivation
{
    /// <summary>The size of the output in bytes.</summary>
    public const int Size = 32;

    /// <param name="ikm">The secret.</param>
    /// <param name="salt">May be empty, written <c>-</c> in the format.</param>
    /// <param name="info">What the output is for: an <c>lp</c> that begins with a label of its own.</param>
    /// <param name="output32">Gets the 32 bytes.</param>
    public static void Derive(ReadOnlySpan<byte> ikm, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output32)
    {
        if (output32.Length != Size)
            throw new ArgumentException($"{Size} bytes are derived, not {output32.Length}.", nameof(output32));
        HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, output32, salt, info);
    }
}
