namespace Coffer.Vaults;

/// <summary>A line of commits of which something is missing that nobody has put back, or that has two ends: what follows waits until an admin says what counts.</summary>
/// <param name="Author">Whose it is.</param>
/// <param name="Writer">Its id, 13 digits, as in the names of its commits.</param>
/// <param name="Chains">How it may go on: one when something is missing, several when its author signed several commits under one number.</param>
public sealed record UnsettledWriter(PublicId Author, string Writer, IReadOnlyList<WriterChain> Chains);

/// <summary>One way in which a line of commits may count.</summary>
/// <param name="Last">The number of its last commit.</param>
/// <param name="Hash">The hash of that commit, in lower-case hexadecimal, which names the chain.</param>
/// <param name="Commits">How many of its commits are known.</param>
/// <param name="Newest">When the newest of them was written, by its author's clock; null when none is known.</param>
/// <param name="Lost">The numbers of commits on it that are missing, which would be lost for ever: they count for nobody then, not even where they are still known.</param>
public sealed record WriterChain(long Last, string Hash, int Commits, DateTimeOffset? Newest, IReadOnlyList<CommitRange> Lost)
{
    /// <summary>How many commits would be lost.</summary>
    public long LostCommits => Lost.Sum(static range => range.Last - range.First + 1);
}

/// <summary>Numbers of commits of one writer, both included.</summary>
/// <param name="First">The first one, 1 or more.</param>
/// <param name="Last">The last one.</param>
public readonly record struct CommitRange(long First, long Last)
{
    /// <summary>For example <c>3</c> or <c>5-9</c>.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
