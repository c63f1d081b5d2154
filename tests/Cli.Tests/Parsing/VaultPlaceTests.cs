using Coffer.Cli.Parsing;

namespace Coffer.Cli.Tests.Parsing;

public sealed class VaultPlaceTests
{
    [Theory]
    [InlineData("team:", "", true, "")]
    [InlineData("team:a", "a", false, "a")]
    [InlineData("team:a/b.txt", "a/b.txt", false, "b.txt")]
    [InlineData("team:a/b/", "a/b", true, "b")]
    [InlineData("team:with:colon", "with:colon", false, "with:colon")]
    public void A_place_is_a_name_and_a_path(string text, string path, bool isFolder, string baseName)
    {
        var place = VaultPlace.Parse(text);
        Assert.Equal(("team", path, isFolder, baseName), (place.Vault, place.Path, place.IsFolder, place.BaseName));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(":a")]
    [InlineData("te am:a")]
    [InlineData("../team:a")]
    [InlineData("team:/a")]
    [InlineData("team:a//b")]
    [InlineData("team:a/../b")]
    [InlineData("team:..")]
    [InlineData("team:a//")]
    public void What_is_no_place_is_refused(string text) => Assert.Throws<FormatException>(() => VaultPlace.Parse(text));
}
