using Coffer.Vaults.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Coffer.Vaults;

/// <summary>
/// The real check of signatures: Ed25519 (RFC 8032, section 5.1.7) without the cofactor. S must be below the group's order, and R the canonical encoding of
/// SB - kA and not the neutral element. The verdict on a signature is the same everywhere, also on one that was made to divide its readers.
/// </summary>
public sealed class Ed25519Checker : ISignatureChecker
{
    private readonly bool _checkPoint;

    /// <param name="checkPoint">
    /// Whether R is checked by itself to be in the prime-order subgroup. BouncyCastle before 2.0 compares R with the encoding of SB - kA, which is in the
    /// subgroup because A is. From 2.0 on it shows that a multiple of their difference is neutral, and that multiple can hide a part of small order.
    /// </param>
    internal Ed25519Checker(bool checkPoint) => _checkPoint = checkPoint;

    /// <summary>The one instance.</summary>
    public static Ed25519Checker Instance { get; } = new(checkPoint: typeof(Ed25519).Assembly.GetName().Version?.Major >= 2);

    /// <inheritdoc/>
    public bool Check(PublicId author, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(author);
        if (signature.Length != Ed25519Keys.SignatureSize || Ed25519Keys.IsSmallOrder(signature[..Ed25519Keys.KeySize]))
            return false;
        var held = signature.ToArray();
        return Ed25519.Verify(held, 0, author.Key.ToArray(), 0, message.ToArray(), 0, message.Length)
            && (!_checkPoint || Ed25519.ValidatePublicKeyFull(held, 0));
    }
}
