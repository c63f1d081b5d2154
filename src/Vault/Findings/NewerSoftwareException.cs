namespace Coffer.Vaults;

/// <summary>An admin of the vault used something that this version does not know. Nothing later can be judged until this software is updated.</summary>
public sealed class NewerSoftwareException : VaultException
{
    /// <param name="message">For a person: what is not known, and where it stands.</param>
    public NewerSoftwareException(string message)
        : base(message)
    {
    }
}
