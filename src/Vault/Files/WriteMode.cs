namespace Coffer.Vaults;

/// <summary>When a write returns, and when it goes to the store.</summary>
public enum WriteMode
{
    /// <summary>At once: when the call returns, the version is on the store, durable, and visible to every member.</summary>
    Sync,

    /// <summary>
    /// Soon: when the call returns, the write with its content is safe on this machine's disk, encrypted, and goes to the store by itself, also after the process was killed and the vault is opened again. Writes of one path
    /// go in the order in which they were accepted. <see cref="Vault.WaitFilesAsync"/> waits, and tells what was refused.
    /// </summary>
    Async,

    /// <summary>Later: as <see cref="Async"/>, but not before <see cref="WriteOptions.NotBefore"/>, or where that is null, when housekeeping runs next.</summary>
    Scheduled,
}
