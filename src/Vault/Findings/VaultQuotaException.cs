namespace Coffer.Vaults;

/// <summary>The write would take the vault beyond the quota that its admins set. Nothing was written.</summary>
public sealed class VaultQuotaException : VaultException
{
    internal VaultQuotaException(long allocated, long more, long quota)
        : base($"The vault has {allocated} bytes of contents on the store, and this write of {more} bytes more would take it beyond its quota of {quota} bytes. An admin can raise the quota in the vault's settings; deleting files frees nothing, because their versions stay; what a retention has ended makes room 7 days later.")
    {
        AllocatedBytes = allocated;
        WriteBytes = more;
        QuotaBytes = quota;
    }

    /// <summary>What the vault has, in bytes, of all versions.</summary>
    public long AllocatedBytes { get; }

    /// <summary>What was to be written, in bytes.</summary>
    public long WriteBytes { get; }

    /// <summary>The quota, in bytes.</summary>
    public long QuotaBytes { get; }
}
