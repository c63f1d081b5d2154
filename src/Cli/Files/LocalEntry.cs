namespace Coffer.Cli.Files;

/// <summary>Something on this machine that is to become a file in a vault.</summary>
/// <param name="LocalPath">Where it is.</param>
/// <param name="VaultPath">Where it goes.</param>
/// <param name="Size">Its length in bytes; 0 for what has no content.</param>
/// <param name="Facts">What else is kept of it.</param>
internal sealed record LocalEntry(string LocalPath, string VaultPath, long Size, EntryFacts Facts);
