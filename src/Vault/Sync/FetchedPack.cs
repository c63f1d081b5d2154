using Coffer.Vaults.Packs;

namespace Coffer.Vaults.Sync;

/// <summary>What was read under a pack's name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Size">The size of the object.</param>
/// <param name="Entries">What is in it; nothing when these bytes are no pack.</param>
/// <param name="Fault">Why it is no pack, for a person; null when it is one.</param>
internal sealed record FetchedPack(PackName Name, long Size, IReadOnlyList<PackEntry> Entries, string? Fault);
