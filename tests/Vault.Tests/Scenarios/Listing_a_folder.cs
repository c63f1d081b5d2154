using Coffer.Vaults;
using Xunit;

namespace Coffer.Vault.Tests.Scenarios;

public sealed class Listing_a_folder
{
    [Theory]
    [InlineData(null, "a", "docs/", "docs-x", "own/")]
    [InlineData("a", "docs/", "docs-x", "own/")]
    [InlineData("docs/", "own/")]
    [InlineData("docs/b", "own/")]
    [InlineData("docs/z/z", "own/")]
    [InlineData("own/1")]
    [InlineData("z")]
    public async Task Goes_on_behind_any_path_and_gives_no_folder_that_has_passed(string? after, params string[] expected)
    {
        await using var team = new Team();
        using var alice = PrivateId.Create();
        var vault = await team.CreateAsync(alice);
        foreach (var path in new[] { "a", "docs/a", "docs/b", "docs/deep/er", "docs-x", "own/1" })
            await vault.WriteAsync(path, FileContent.FromBytes(Array.Empty<byte>()));

        var names = new List<string>();
        await foreach (var entry in vault.ListAsync("", new ListFilesOptions { After = after }))
            names.Add(entry.Path);

        Assert.Equal(expected.Order(StringComparer.Ordinal), names);
        if (after is not null)
            Assert.All(names, name => Assert.True(string.CompareOrdinal(name, after) > 0, name));
    }
}
