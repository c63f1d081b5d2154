using Coffer.Vaults.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Coffer.Vaults;

/// <summary>
/// The real check of signatures: Ed25519 (RFC 8032, section 5.1.7) without the cofactor. S must be below the group's order, and R canonical.
/// </summary>
public sealed class Ed25519Checker : ISignatureChecker
{
    private Ed25519Checker()
    {
    }

    /// <summary>The one instance.</summary>
    public static Ed25519Checker Instance { get; } = new();

    /// <inheritdoc/>
    public bool Check(PublicId author, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(author);
        return signature.Length == Ed25519Keys.SignatureSize
            && Ed25519.Verify(signature.ToArray(), 0, author.Bytes.ToArray(), Secp256k1.PointSize, message.ToArray(), 0, message.Length);
    }
}
