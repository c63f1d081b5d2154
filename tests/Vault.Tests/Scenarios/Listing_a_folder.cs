using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Listing_a_folder
{
    [Fact]
    public async Task A_folder_and_a_file_of_the_same_name_stand_beside_each_other()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. ((string[])["a/x", "a/y/z", "a", "a-b", "a0", "b/c"]).Select(static path => new FileWrite(path, Content(path)))]);

        Assert.Equal(["a", "a-b", "a/", "a0", "b/"], await alice.NamesAsync());
        Assert.Equal(["a/x", "a/y/"], await alice.NamesAsync("a"));
        Assert.Equal(["a/x", "a/y/"], await alice.NamesAsync("a/"));
        Assert.Equal(["a", "a-b", "a/x", "a/y/z", "a0", "b/c"], await alice.NamesAsync("", new ListFilesOptions { Recursive = true }));
        Assert.Equal(["a/x", "a/y/z"], await alice.NamesAsync("a", new ListFilesOptions { Recursive = true }));
        Assert.Empty(await alice.NamesAsync("nothing"));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.NamesAsync("a//b"));
    }

    [Fact]
    public async Task Names_are_in_the_order_of_their_bytes_and_never_folded()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        string[] names = ["A", "a", "\u00E9", "e\u0301", "\uFFFD", "\U0001F600", "..hidden", "with space", "\u202Etrick"];
        await alice.WriteManyAsync([.. names.Select(static path => new FileWrite(path, Content(path)))]);
        Array.Sort(names, static (left, right) => Utf8Order.Compare(left, right));
        Assert.Equal(names, await alice.NamesAsync());
        foreach (var name in names)
            Assert.Equal(name, await alice.ReadTextAsync(name));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task Pages_give_everything_once(int limit)
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var writes = Enumerable.Range(0, limit == 1 ? 10 : 700).Select(static i => new FileWrite($"f{i % 300:d3}/{i}", FileContent.FromBytes(default))).ToList();
        writes.AddRange(Enumerable.Range(0, 5).Select(static i => new FileWrite($"f{i * 3:d3}", FileContent.FromBytes(default))));
        await alice.WriteManyAsync(writes);
        foreach (var recursive in (bool[])[true, false])
        {
            var all = await alice.NamesAsync("", new ListFilesOptions { Recursive = recursive });
            Assert.Equal(recursive ? writes.Count : writes.Select(static write => write.Path.Split('/') is [var folder, _] ? folder + "/" : write.Path).Distinct().Count(), all.Length);
            var paged = new List<string>();
            while (await alice.NamesAsync("", new ListFilesOptions { Recursive = recursive, After = paged.LastOrDefault(), Limit = limit }) is { Length: > 0 } page)
            {
                Assert.True(page.Length <= limit);
                paged.AddRange(page);
            }
            Assert.Equal(all, paged);
        }
    }

    [Theory]
    [InlineData(null, "a", "docs-x", "docs/", "own/")]
    [InlineData("a", "docs-x", "docs/", "own/")]
    [InlineData("docs/", "own/")]
    [InlineData("docs/b", "own/")]
    [InlineData("docs/z/z", "own/")]
    [InlineData("own/1")]
    [InlineData("z")]
    public async Task A_listing_goes_on_behind_any_path_and_gives_no_folder_that_has_passed(string? after, params string[] expected)
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. ((string[])["a", "docs/a", "docs/b", "docs/deep/er", "docs-x", "own/1"]).Select(static path => new FileWrite(path, Content(path)))]);
        Assert.Equal(expected, await alice.NamesAsync("", new ListFilesOptions { After = after }));
    }

    [Fact]
    public async Task A_large_folder_is_one_entry_of_the_folder_above()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 1500).Select(static i => new FileWrite($"big/{i}", FileContent.FromBytes(default)))]);
        await alice.WriteTextAsync("z", "");
        Assert.Equal(["big/", "z"], await alice.NamesAsync());
        Assert.Equal(1500, (await alice.NamesAsync("big")).Length);
    }

    [Fact]
    public async Task What_is_deleted_or_expired_is_not_listed_and_no_folder_of_it()
    {
        var time = new JumpingTime();
        await using var team = new Team(time: time);
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("deleted/a", "");
        await alice.WriteTextAsync("expired/a", "", new WriteOptions { Life = TimeSpan.FromHours(1) });
        await alice.WriteTextAsync("kept/a", "");
        await alice.DeleteAsync("deleted/a");
        time.Jump(TimeSpan.FromHours(1));
        Assert.Equal(["kept/"], await alice.NamesAsync());
        Assert.Equal(["kept/a"], await alice.AllAsync());
        Assert.Equal(1, (await alice.GetStatusAsync()).Files);
    }

    [Fact]
    public async Task Since_gives_the_files_whose_newest_version_came_after_a_position()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("old", "1");
        await alice.WriteTextAsync("rewritten", "1");
        await bob.SyncAsync();
        var position = ChangePosition.Parse((await bob.GetPositionAsync()).ToString());
        Assert.Empty(await bob.NamesAsync("", new ListFilesOptions { Since = position }));

        await alice.WriteTextAsync("rewritten", "2");
        await alice.WriteTextAsync("folder/new", "1");
        await alice.WriteTextAsync("gone", "1");
        await alice.DeleteAsync("gone");
        await bob.SyncAsync();
        Assert.Equal(["folder/new", "rewritten"], await bob.NamesAsync("", new ListFilesOptions { Since = position }));
        Assert.Equal(["folder/new"], await bob.NamesAsync("folder", new ListFilesOptions { Since = position }));
        Assert.Equal(["folder/new"], await bob.NamesAsync("", new ListFilesOptions { Since = position, Limit = 1 }));

        await bob.RebuildIndexAsync();
        Assert.Equal(["folder/new", "rewritten"], await bob.NamesAsync("", new ListFilesOptions { Since = position }));
    }

    [Fact]
    public async Task Since_gives_a_file_whose_older_version_is_the_newest_again()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write, cooldown: TimeSpan.FromHours(1));
        await alice.WriteTextAsync("back", "1");
        await alice.WriteTextAsync("same", "1");
        await bob.SyncAsync();
        // The cut-off is made by a device that has not seen what he wrote.
        var blind = await team.OpenBlindAsync(team.Alice);
        await bob.WriteTextAsync("back", "2");
        await bob.WriteTextAsync("only his", "1");
        await carol.SyncAsync();
        var position = await carol.GetPositionAsync();
        await blind.SetAccessAsync(bob.Me, AccessLevel.None);

        Assert.Equal(["back", "same"], await carol.AllAsync());
        Assert.Equal("1", await carol.ReadTextAsync("back"));
        Assert.Equal(["back"], await carol.NamesAsync("", new ListFilesOptions { Since = position }));
        Assert.Empty(await carol.NamesAsync("", new ListFilesOptions { Since = await carol.GetPositionAsync() }));
        await carol.RebuildIndexAsync();
        Assert.Equal(["back"], await carol.NamesAsync("", new ListFilesOptions { Since = position }));
    }
}
