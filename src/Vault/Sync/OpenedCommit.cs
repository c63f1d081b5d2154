using Coffer.Vaults.Commits;

namespace Coffer.Vaults.Sync;

/// <summary>What became of an object read under a commit's name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Commit">The commit, opened and its signature checked; null when it is none, or does not open.</param>
/// <param name="Epoch">The epoch whose key is needed; null when another key would not help.</param>
/// <param name="Hash">What stands there, to be told from another object: the hash of the commit, when it is one as far as can be seen.</param>
/// <param name="Fault">Why there is no commit, for a person.</param>
internal sealed record OpenedCommit(CommitName Name, Commit? Commit, long? Epoch, byte[] Hash, string? Fault);
