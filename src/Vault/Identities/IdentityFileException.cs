namespace Coffer.Vaults;

/// <summary>An identity file could not be written or read. The message names the file and never holds any of the secret.</summary>
public sealed class IdentityFileException : VaultException
{
    internal IdentityFileException(IdentityFileFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What the matter was.</summary>
    public IdentityFileFault Fault { get; }
}
