using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Commits;

/// <summary>One exact commit: author, writer, number and hash. What seen-lists, pins and cut-offs state.</summary>
internal sealed record CommitLink(PublicId Author, ulong Writer, long Number, Digest Hash) : IComparable<CommitLink>
{
    public CommitName Name => new(Writer, Number);

    public int CompareTo(CommitLink? other)
    {
        if (other is null)
            return 1;
        var order = Author.CompareTo(other.Author);
        if (order == 0)
            order = Name.CompareTo(other.Name);
        return order == 0 ? Hash.CompareTo(other.Hash) : order;
    }

    public override string ToString() => $"{Name} of {Author.Fingerprint}";
}
