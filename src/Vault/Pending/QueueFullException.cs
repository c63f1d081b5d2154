namespace Coffer.Vaults;

/// <summary>The queue of asynchronous and scheduled writes of this device is full, and nothing leaves it by itself. Nothing was accepted.</summary>
public sealed class QueueFullException : VaultException
{
    internal QueueFullException(string message)
        : base(message)
    {
    }
}
