using Xunit;

namespace Coffer.Vaults.Tests.Invitations;

public class ChangePositionTests
{
    private static readonly ChangePosition Position = new("0123456789abcdef", 300, new SortedDictionary<ulong, long> { [1] = 5, [ulong.MaxValue] = long.MaxValue });

    [Fact]
    public void A_position_is_read_as_it_was_written()
    {
        var read = ChangePosition.Parse(Position.ToString());
        Assert.Equal(Position.ToString(), read.ToString());
        Assert.Equal(("0123456789abcdef", 300), (read.Index, read.Change));
        Assert.True(read.Covers(1, 5));
        Assert.False(read.Covers(1, 6));
        Assert.True(read.Covers(ulong.MaxValue, long.MaxValue));
        Assert.False(read.Covers(2, 1));
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
