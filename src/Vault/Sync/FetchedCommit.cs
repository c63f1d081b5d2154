using Coffer.Vaults.Commits;

namespace Coffer.Vaults.Sync;

/// <summary>What was read under a commit's name: header and sealed head, or why it is none.</summary>
/// <param name="Name">The name.</param>
/// <param name="Header">The header; null when these bytes are no commit of this name.</param>
/// <param name="Bytes">Header and sealed head.</param>
/// <param name="Fault">Why it is no commit, for a person; null when it is one.</param>
internal sealed record FetchedCommit(CommitName Name, CommitHeader? Header, ReadOnlyMemory<byte> Bytes, string? Fault)
{
    public static FetchedCommit Junk(CommitName name, ReadOnlyMemory<byte> bytes, string fault) => new(name, null, bytes, fault);
}
