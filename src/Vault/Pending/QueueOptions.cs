namespace Coffer.Vaults;

/// <summary>The queue of asynchronous and scheduled writes of this device.</summary>
public sealed record QueueOptions
{
    /// <summary>
    /// Whether this process sends by itself what is in the queue, its own writes and those of others. With false it only accepts, and sends when <see cref="Vault.SendPendingAsync"/>, <see cref="Vault.WaitFilesAsync"/> or <see cref="Vault.HousekeepAsync"/>
    /// is called, or a synchronous change of the same path comes behind; another process, or a later one, sends the rest.
    /// </summary>
    public bool Sends { get; init; } = true;

    /// <summary>The most contents that the queue holds on this machine's disk, in bytes. A write beyond it waits for room as long as the queue moves; else it throws <see cref="QueueFullException"/>.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>The most files that the queue holds; as with <see cref="MaxBytes"/>.</summary>
    public int MaxFiles { get; init; } = 100_000;
}
