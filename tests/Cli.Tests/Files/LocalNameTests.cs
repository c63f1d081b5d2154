using Coffer.Cli.Files;

namespace Coffer.Cli.Tests.Files;

public sealed class LocalNameTests
{
    [Theory]
    [InlineData("a:b")]
    [InlineData("a\\b")]
    [InlineData("what?")]
    [InlineData("line\nbreak")]
    [InlineData("dot.")]
    [InlineData("space ")]
    [InlineData("con")]
    [InlineData("NUL.txt")]
    [InlineData("com1.log")]
    public void What_only_Windows_cannot_keep_is_refused_there_alone(string name)
    {
        Assert.NotNull(LocalName.Fault(name, isWindows: true));
        Assert.Null(LocalName.Fault(name, isWindows: false));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void What_leads_elsewhere_is_refused_everywhere(string name)
    {
        Assert.NotNull(LocalName.Fault(name, isWindows: true));
        Assert.NotNull(LocalName.Fault(name, isWindows: false));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("...a")]
    [InlineData("console")]
    [InlineData("com10")]
    [InlineData("ü ñ")]
    public void Plain_names_are_good(string name) => Assert.Null(LocalName.Fault(name, isWindows: true));
}
