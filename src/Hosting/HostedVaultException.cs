namespace Coffer.Hosting;

/// <summary>
/// A vault of the configuration could not be opened. The message names the settings that it is about and says what to do; <see cref="Exception.InnerException"/> is what the
/// store, the identity's file or the vault said. It holds no secret.
/// </summary>
public sealed class HostedVaultException : Exception
{
    internal HostedVaultException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
