namespace Coffer.Vaults;

/// <summary>Checks Ed25519 signatures (RFC 8032, section 5.1.7). Injected, so that a simulation of a thousand years need not pay for each.</summary>
public interface ISignatureChecker
{
    /// <summary>Whether <paramref name="signature"/> is the author's over <paramref name="message"/>.</summary>
    /// <param name="author">Whose signature it should be.</param>
    /// <param name="signature">64 bytes.</param>
    /// <param name="message">What was signed.</param>
    bool Check(PublicId author, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message);
}
