using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>A commit that its author knows to be stored, as a block's author states it.</summary>
/// <param name="Writer">The line of commits.</param>
/// <param name="Number">Its number there, 1 or more.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record StoredCommit(ulong Writer, long Number, Digest Hash);
