namespace Coffer.Vaults;

/// <summary>The write would take the vault beyond the quota that its admins set.</summary>
public sealed class VaultQuotaException : VaultException
{
    internal VaultQuotaException(long allocated, long more, long quota)
        : base($"The vault has {allocated} bytes of bodies on the store, and this write of {more} more would take it beyond its quota of {quota}. Delete versions that are not needed, or have an admin raise the quota.")
    {
    }
}
