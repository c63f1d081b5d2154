using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>The last commit of one writer that still counts after a cut-off.</summary>
/// <param name="Writer">The line of commits.</param>
/// <param name="Number">The number of that commit, 1 or more.</param>
/// <param name="Hash">Its hash, which names the chain.</param>
internal readonly record struct CutOffEntry(ulong Writer, long Number, Digest Hash);
