namespace Coffer.Vaults;

/// <summary>One file of a batch.</summary>
/// <param name="Path">Its path in the vault.</param>
/// <param name="Content">Its content.</param>
/// <param name="Options">How to write it; <see cref="WriteOptions.Async"/> is the batch's business and not used here.</param>
public sealed record FileWrite(string Path, FileContent Content, WriteOptions? Options = null);
