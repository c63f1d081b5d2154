using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Commits;

/// <summary>Which commit: the writer's id and the number. On the store, a name; who its author is, only the commit itself tells.</summary>
internal readonly record struct CommitName(ulong Writer, long Number) : IComparable<CommitName>
{
    public int CompareTo(CommitName other) => Writer == other.Writer ? Number.CompareTo(other.Number) : Writer.CompareTo(other.Writer);

    public override string ToString() => $"{Base32Hex.Format(Writer)}/{Base32Hex.Format((ulong)Number)}";
}
