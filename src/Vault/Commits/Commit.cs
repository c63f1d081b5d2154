using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Commits;

/// <summary>A commit that was opened, and whose signature holds.</summary>
internal sealed record Commit(CommitHeader Header, CommitHead Head, Digest Hash)
{
    public CommitLink Link => new(Head.Author, Header.Writer, Header.Number, Hash);
}
