using Coffer.Cli.Parsing;

namespace Coffer.Cli.Tests.Parsing;

public sealed class StorePlaceTests
{
    [Theory]
    [InlineData("file:///srv/coffer", "file:///srv/coffer")]
    [InlineData("s3://bucket/prefix?region=eu-central-1", "s3://bucket/prefix?region=eu-central-1")]
    [InlineData("/srv/coffer", "file:///srv/coffer")]
    [InlineData("/srv/coffer/", "file:///srv/coffer")]
    [InlineData("./x", "file:///work/x")]
    [InlineData("../x", "file:///x")]
    [InlineData(".", "file:///work")]
    [InlineData("~/x", "file:///home/me/x")]
    [InlineData("~", "file:///home/me")]
    [InlineData("/", "file:///")]
    [InlineData("/a b/50%/c#d?e", "file:///a%20b/50%25/c%23d%3Fe")]
    public void A_url_stays_and_a_clear_folder_becomes_one(string text, string url)
    {
        Assert.Equal(url, StorePlace.Parse(text, "/home/me", "/work"));
    }

    [Fact]
    public void A_folder_that_became_a_url_is_read_back_exactly() =>
        Assert.Equal("/a b/50%/c#d?e/ü", StoreUrl.Parse(StorePlace.Parse("/a b/50%/c#d?e/ü", "/home/me", "/work")).Path);

    [Theory]
    [InlineData("x")]
    [InlineData("srv/coffer")]
    [InlineData("file:/srv")]
    [InlineData("~bob/x")]
    [InlineData("s3:bucket")]
    [InlineData("")]
    [InlineData("sftp://me:secret@host/x")]
    public void What_could_mean_something_else_is_refused(string text) =>
        Assert.Throws<FormatException>(() => StorePlace.Parse(text, "/home/me", "/work"));
}
