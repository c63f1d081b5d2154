using Coffer.Cli.Files;
using Coffer.Cli.Home;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Tests.Files;

public class EntryTextTests
{
    [Fact]
    public async Task What_marks_a_sealed_file_on_a_terminal_cannot_stand_in_a_name()
    {
        using var alice = PrivateId.Create();
        var people = await People.OfAsync(new CofferHome(Path.Combine(Path.GetTempPath(), "none-" + Guid.NewGuid())), TestContext.Current.CancellationToken);
        var version = new FileVersion { Path = "a", Id = "", Author = alice.Public, Written = DateTimeOffset.UnixEpoch, Seal = new FileSeal(alice.Public, alice.Public) };
        var mark = EntryText.StyledSeal(new ListedEntry("a", "a", version), people);
        Assert.StartsWith("\u001b[2m", mark);
        Assert.EndsWith("\u001b[22m", mark);
        Assert.Equal("", EntryText.StyledSeal(new ListedEntry("a", "a", version with { Seal = null }), people));
        Assert.DoesNotContain('\u001b', EntryText.Name(new ListedEntry("a" + mark, "a", version)));
    }
}
