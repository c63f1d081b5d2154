using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Tests.Parsing;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain ü 🙂 name", "plain ü 🙂 name")]
    [InlineData("line\nbreak", "line\\nbreak")]
    [InlineData("\u001b[31mred", "\\u{1B}[31mred")]
    [InlineData("c1\u009b", "c1\\u{9B}")]
    [InlineData("gpj.\u202Eexe", "gpj.\\u{202E}exe")]
    [InlineData("back\\slash", "back\\\\slash")]
    public void A_name_never_commands_a_terminal(string name, string shown) => Assert.Equal(shown, VisibleText.OfName(name));

    [Fact]
    public void Two_names_never_look_the_same() => Assert.NotEqual(VisibleText.OfName("a\nb"), VisibleText.OfName("a\\nb"));

    [Fact]
    public void An_error_is_one_line_without_names_of_our_code()
    {
        Assert.Equal("first second \\u{1B}", ErrorText.Of(new IOException("first\n  second \u001b\r\n")));
        Assert.Equal("It is wrong.", ErrorText.Of(new ArgumentException("It is wrong.", "path")));
        Assert.Contains("unexpected", ErrorText.Of(new InvalidOperationException("Oh.")));
    }
}
