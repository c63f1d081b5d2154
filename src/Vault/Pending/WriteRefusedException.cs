namespace Coffer.Vaults;

/// <summary>A write that was accepted before cannot be sent. It stays in the queue, with its content, until it is tried again or cancelled.</summary>
public sealed class WriteRefusedException : VaultException
{
    internal WriteRefusedException(PendingWrite write)
        : base($"'{write.Path}' was not written: {write.Error} It is kept as number {write.Id}, with its content, to be tried again or cancelled.") => Write = write;

    /// <summary>The write.</summary>
    public PendingWrite Write { get; }
}
