namespace Coffer.Vaults;

/// <summary>The change would leave the vault without an admin, and nobody could ever change it again.</summary>
public sealed class LastAdminException : VaultException
{
    /// <summary>Creates it with its one message.</summary>
    public LastAdminException()
        : base("This would take the last admin from the vault, and nobody could ever change it again. Make another member admin first.")
    {
    }
}
