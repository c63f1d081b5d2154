using System.Collections.Immutable;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Invitations;

public class ChangePositionTests
{
    private static readonly PublicId Alice = People.Alice.Public;
    private static readonly PublicId Bob = People.Bob.Public;

    private static readonly ChangePosition Position = new(
        "0123456789abcdef",
        300,
        ImmutableSortedDictionary<(PublicId Author, ulong Writer), long>.Empty.Add((Alice, 1), 5).Add((Alice, ulong.MaxValue), long.MaxValue).Add((Bob, 1), 7));

    [Fact]
    public void A_position_is_read_as_it_was_written()
    {
        var read = ChangePosition.Parse(Position.ToString());
        Assert.Equal(Position.ToString(), read.ToString());
        Assert.Equal(("0123456789abcdef", 300), (read.Index, read.Change));
        Assert.True(read.Covers(Alice, new CommitName(1, 5)));
        Assert.False(read.Covers(Alice, new CommitName(1, 6)));
        Assert.True(read.Covers(Alice, new CommitName(ulong.MaxValue, long.MaxValue)));
        Assert.False(read.Covers(Alice, new CommitName(2, 1)));
    }

    [Fact]
    public void Writers_of_two_authors_are_two_even_when_their_ids_are_one()
    {
        var read = ChangePosition.Parse(Position.ToString());
        Assert.True(read.Covers(Bob, new CommitName(1, 7)));
        Assert.False(read.Covers(Alice, new CommitName(1, 7)));
        Assert.False(read.Covers(Bob, new CommitName(ulong.MaxValue, 1)));
    }

    [Fact]
    public void What_is_no_position_is_refused()
    {
        var text = Position.ToString();
        for (var length = 0; length < text.Length; length++)
            Assert.Throws<FormatException>(() => ChangePosition.Parse(text[..length]));
        Assert.Throws<FormatException>(() => ChangePosition.Parse(text + "A"));
        Assert.Throws<FormatException>(() => ChangePosition.Parse("no position"));
    }
}
