namespace Coffer.Vaults;

/// <summary>There is no such file in the vault, or it was deleted, or its time has ended.</summary>
public sealed class FileNotFoundInVaultException : VaultException
{
    internal FileNotFoundInVaultException(string path, string why)
        : base($"There is no file '{path}' in the vault: {why}.") => Path = path;

    /// <summary>The path that was asked for.</summary>
    public string Path { get; }
}
