namespace Coffer.Vaults;

/// <summary>The store does not have an object that holds content of a file. Nothing else is affected.</summary>
public sealed class BodyMissingException : VaultException
{
    internal BodyMissingException(string path, string key, Exception? inner = null)
        : base($"The content of '{path}' cannot be read: the store does not have '{key}'. Other files are not affected; restore that object from a copy of the store, or have the file written again.", inner) =>
        Object = key;

    /// <summary>The object that is missing.</summary>
    public string Object { get; }
}
