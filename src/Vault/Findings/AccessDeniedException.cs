namespace Coffer.Vaults;

/// <summary>The identity in use has not the access that this needs.</summary>
public sealed class AccessDeniedException : VaultException
{
    /// <param name="message">For a person: what was asked, what it needs, and what the identity has.</param>
    /// <param name="needed">The level that would be enough; <see cref="AccessLevel.None"/> when no level is what is missing.</param>
    public AccessDeniedException(string message, AccessLevel needed = AccessLevel.None)
        : base(message) =>
        Needed = needed;

    /// <summary>The level that an admin would have to grant to this identity; <see cref="AccessLevel.None"/> when that would not help.</summary>
    public AccessLevel Needed { get; }
}
