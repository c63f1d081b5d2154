namespace Coffer.Vaults;

/// <summary>Something was to be sealed to somebody who cannot read the vault, and so would never see it. Nothing was written.</summary>
public sealed class RecipientCannotReadException : VaultException
{
    internal RecipientCannotReadException(PublicId recipient)
        : base($"Nothing can be sealed to {recipient} (fingerprint {recipient.Fingerprint}): that is no member who can read this vault, so it would never be read. An admin can grant read access.") =>
        Recipient = recipient;

    /// <summary>Who cannot read.</summary>
    public PublicId Recipient { get; }
}
