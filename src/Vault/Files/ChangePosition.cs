using System.Collections.Immutable;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults;

/// <summary>
/// How far somebody has followed the changes of a vault: an opaque token, as text for keeping. It survives a rebuild of the index and its replacement by an older copy, and then gives again at most what it may have missed.
/// </summary>
public sealed class ChangePosition
{
    internal ChangePosition(string index, long change, ImmutableSortedDictionary<(PublicId Author, ulong Writer), long> applied)
    {
        Index = index;
        Change = change;
        Applied = applied;
    }

    /// <summary>The name under which the index that it follows gave the number of the change.</summary>
    internal string Index { get; }

    /// <summary>The number of the last change that was seen.</summary>
    internal long Change { get; }

    /// <summary>The last number of each writer that was seen as a whole. An author belongs to it: anybody can take the id of somebody else's writer.</summary>
    internal ImmutableSortedDictionary<(PublicId Author, ulong Writer), long> Applied { get; }

    /// <summary>Whether a commit had been applied when the position was taken.</summary>
    internal bool Covers(PublicId author, CommitName commit) => Applied.TryGetValue((author, commit.Writer), out var applied) && commit.Number <= applied;

    /// <summary>Whether anything of a commit may have been told by then: it had been applied, or was being told.</summary>
    internal bool Reaches(PublicId author, CommitName commit) => commit.Number <= Applied.GetValueOrDefault((author, commit.Writer)) + 1;

    /// <summary>Reads a position that <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no position.</exception>
    public static ChangePosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            if (!PaddedBase64Url.TryParse(text, out var bytes))
                throw new FormatException("This is no position in the changes of a vault.");
            var reader = new WireReader(bytes);
            var index = reader.Text(64);
            var change = reader.VarInt();
            var applied = ImmutableSortedDictionary.CreateBuilder<(PublicId Author, ulong Writer), long>();
            for (var authors = reader.Count(leastBytesPerItem: PublicId.Size + 1, max: int.MaxValue); authors > 0; authors--)
            {
                // Only compared with the ids of commits that hold: whether it is one need not be checked.
                var author = PublicId.FromTrustedBytes(reader.Raw(PublicId.Size));
                for (var writers = reader.Count(leastBytesPerItem: 9, max: int.MaxValue); writers > 0; writers--)
                    applied[(author, reader.U64())] = reader.VarInt();
            }
            reader.End();
            return new ChangePosition(index, change, applied.ToImmutable());
        }
        catch (WireException fault)
        {
            throw new FormatException("This is no position in the changes of a vault.", fault);
        }
    }

    /// <summary>The position as text: base64url.</summary>
    public override string ToString()
    {
        var writer = new WireWriter();
        writer.Text(Index);
        writer.VarInt(Change);
        var authors = Applied.GroupBy(static entry => entry.Key.Author).ToList();
        writer.VarInt(authors.Count);
        foreach (var author in authors)
        {
            writer.Id(author.Key).VarInt(author.Count());
            foreach (var ((_, id), number) in author)
                writer.U64(id).VarInt(number);
        }
        return PaddedBase64Url.Format(writer.Written);
    }
}
