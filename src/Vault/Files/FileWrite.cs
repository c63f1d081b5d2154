namespace Coffer.Vaults;

/// <summary>One file of a batch.</summary>
/// <param name="Path">Its path in the vault.</param>
/// <param name="Content">Its content.</param>
/// <param name="Options">How to write it. All files of a batch have one <see cref="WriteOptions.Mode"/> and one <see cref="WriteOptions.NotBefore"/>, because they become visible together.</param>
public sealed record FileWrite(string Path, FileContent Content, WriteOptions? Options = null);
