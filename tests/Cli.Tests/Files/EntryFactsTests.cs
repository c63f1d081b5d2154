using System.Text;
using Coffer.Cli.Files;

namespace Coffer.Cli.Tests.Files;

public sealed class EntryFactsTests
{
    [Fact]
    public void Facts_of_a_file_are_one_readable_line()
    {
        var facts = new EntryFacts(EntryKind.File) { Mode = (UnixFileMode)0x1ED, ModifiedUtc = DateTime.UnixEpoch.AddSeconds(1_700_000_000).AddTicks(1_234_567) };
        Assert.Equal("coffer/1 type=file mode=755 modified=1700000000.1234567", Encoding.ASCII.GetString(facts.Format().Span));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-10_000_000)]
    [InlineData(-10_000_001)]
    [InlineData(17_000_000_001_234_567)]
    public void Times_come_back_to_the_tick(long ticks)
    {
        var facts = new EntryFacts(EntryKind.File) { ModifiedUtc = DateTime.UnixEpoch.AddTicks(ticks) };
        Assert.Equal(facts, EntryFacts.Parse(facts.Format().Span));
    }

    [Theory]
    [InlineData("../a b")]
    [InlineData("/ü/%41=\n\\")]
    [InlineData("x")]
    public void Targets_of_links_come_back_exactly(string target)
    {
        var facts = new EntryFacts(EntryKind.Link) { Target = target, ModifiedUtc = DateTime.UnixEpoch };
        Assert.Equal(facts, EntryFacts.Parse(facts.Format().Span));
    }

    [Fact]
    public void Folders_keep_their_permissions()
    {
        var facts = new EntryFacts(EntryKind.Folder) { Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute };
        Assert.Equal(facts, EntryFacts.Parse(facts.Format().Span));
    }

    [Fact]
    public void Rights_that_a_program_lends_are_never_kept()
    {
        var facts = new EntryFacts(EntryKind.File) { Mode = UnixFileMode.SetUser | UnixFileMode.StickyBit | UnixFileMode.UserRead };
        Assert.Equal("coffer/1 type=file mode=400", Encoding.ASCII.GetString(facts.Format().Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("something of another program")]
    [InlineData("coffer/2 type=link target=x")]
    [InlineData("coffer/1 type=link")]
    [InlineData("coffer/1 type=link target=")]
    [InlineData("coffer/1 type=file mode=4755")]
    [InlineData("coffer/1 type=file mode=999 modified=x.y")]
    [InlineData("coffer/1 type=file modified=99999999999999999.0000000")]
    [InlineData("coffer/1 type=file modified=1.5")]
    [InlineData("coffer/1 colour=red =x y")]
    public void What_is_not_of_this_form_means_a_plain_file(string text) => Assert.Equal(EntryFacts.Plain, EntryFacts.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_field_of_a_later_version_is_passed_over() =>
        Assert.Equal((UnixFileMode)0x1A4, EntryFacts.Parse("coffer/1 colour=red type=file mode=644"u8).Mode);
}
