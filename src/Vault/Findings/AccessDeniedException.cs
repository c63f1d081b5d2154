namespace Coffer.Vaults;

/// <summary>The identity in use has not the access that this needs.</summary>
public sealed class AccessDeniedException : VaultException
{
    /// <param name="message">For a person: what was asked, what it needs, and what the identity has.</param>
    public AccessDeniedException(string message)
        : base(message)
    {
    }
}
