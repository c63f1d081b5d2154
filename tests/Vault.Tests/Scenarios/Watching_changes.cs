using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Watching_changes
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_watches_gets_every_change_in_the_order_in_which_this_device_applied_it()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read, cooldown: Short);
        await alice.WriteTextAsync("before", "not told");
        await bob.SyncAsync();
        using var end = new CancellationTokenSource(Patience);
        await using var watch = bob.WatchAsync(await bob.GetPositionAsync(end.Token), end.Token).GetAsyncEnumerator(end.Token);

        await alice.WriteTextAsync("a", "1");
        await alice.WriteManyAsync([new FileWrite("b", TextFiles.Content("1")), new FileWrite("c", TextFiles.Content("1"))]);
        await alice.DeleteAsync("a");
        var told = await TakeAsync(watch, 4);
        Assert.Equal(["a", "b", "c", "a"], told.Select(static change => change.Version.Path));
        Assert.Equal([false, false, false, true], told.Select(static change => change.Version.IsDelete));
        Assert.All(told, static change => Assert.Equal(ChangeKind.Applied, change.Kind));
        Assert.True(told[1].IsNewest && told[3].IsNewest);

        await alice.WriteTextAsync("d", "1");
        Assert.Equal("d", Assert.Single(await TakeAsync(watch, 1)).Version.Path);
    }

    [Fact]
    public async Task A_position_survives_a_rebuild_and_nothing_is_missed_after_it()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write, cooldown: Short);
        await alice.WriteTextAsync("a", "1");
        await bob.WriteTextAsync("b", "1");
        await bob.SyncAsync();
        var position = (await bob.GetPositionAsync()).ToString();
        await alice.WriteTextAsync("c", "1");
        await bob.WriteTextAsync("d", "1");
        await bob.RebuildIndexAsync();

        using var end = new CancellationTokenSource(Patience);
        await using var watch = bob.WatchAsync(ChangePosition.Parse(position), end.Token).GetAsyncEnumerator(end.Token);
        Assert.Equal(["c", "d"], (await TakeAsync(watch, 2)).Select(static change => change.Version.Path).Order());
    }

    [Fact]
    public async Task A_position_in_the_middle_of_a_batch_does_not_skip_the_rest_of_it_after_a_rebuild()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read, cooldown: Short);
        var start = await bob.GetPositionAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 3).Select(static i => new FileWrite($"{i}", TextFiles.Content("1")))]);
        using var end = new CancellationTokenSource(Patience);
        ChangePosition middle;
        await using (var watch = bob.WatchAsync(start, end.Token).GetAsyncEnumerator(end.Token))
            middle = Assert.Single(await TakeAsync(watch, 1)).Position;
        await bob.RebuildIndexAsync();
        await using var again = bob.WatchAsync(middle, end.Token).GetAsyncEnumerator(end.Token);
        var paths = new HashSet<string>();
        while (!paths.IsSupersetOf(["1", "2"]))
            paths.UnionWith((await TakeAsync(again, 1)).Select(static change => change.Version.Path));
    }

    [Fact]
    public async Task A_watch_goes_on_while_the_index_is_rebuilt()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read, cooldown: Short);
        using var end = new CancellationTokenSource(Patience);
        await using var watch = bob.WatchAsync(await bob.GetPositionAsync(end.Token), end.Token).GetAsyncEnumerator(end.Token);
        await alice.WriteTextAsync("a", "1");
        Assert.Equal("a", Assert.Single(await TakeAsync(watch, 1)).Version.Path);
        await bob.RebuildIndexAsync(end.Token);
        await alice.WriteTextAsync("b", "1");
        Assert.Equal("b", Assert.Single(await TakeAsync(watch, 1)).Version.Path);
    }

    [Fact]
    public async Task A_cut_off_is_a_change_of_its_own()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read, cooldown: Short);
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write, cooldown: TimeSpan.FromHours(1));
        using var end = new CancellationTokenSource(Patience);
        await using var watch = carol.WatchAsync(await carol.GetPositionAsync(end.Token), end.Token).GetAsyncEnumerator(end.Token);

        var blind = await team.OpenBlindAsync(team.Alice);
        await bob.WriteTextAsync("late", "1");
        Assert.Equal((ChangeKind.Applied, "late"), Told(await TakeAsync(watch, 1)));
        await blind.SetAccessAsync(bob.Me, AccessLevel.None);
        Assert.Equal((ChangeKind.Withdrawn, "late"), Told(await TakeAsync(watch, 1)));
        Assert.Empty(await carol.NamesAsync());

        static (ChangeKind, string) Told(List<FileChange> changes) => (changes[0].Kind, changes[0].Version.Path);
    }

    [Fact]
    public async Task What_was_cut_off_before_a_rebuild_is_told_as_withdrawn_after_it()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read, cooldown: Short);
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write, cooldown: TimeSpan.FromHours(1));
        using var end = new CancellationTokenSource(Patience);
        var blind = await team.OpenBlindAsync(team.Alice);
        await bob.WriteTextAsync("late", "1");
        await carol.SyncAsync(end.Token);
        var position = await carol.GetPositionAsync(end.Token);
        await blind.SetAccessAsync(bob.Me, AccessLevel.None);
        await carol.RebuildIndexAsync(end.Token);

        await using var watch = carol.WatchAsync(position, end.Token).GetAsyncEnumerator(end.Token);
        var told = Assert.Single(await TakeAsync(watch, 1));
        Assert.Equal((ChangeKind.Withdrawn, "late"), (told.Kind, told.Version.Path));
        await alice.WriteTextAsync("next", "1");
        Assert.Equal((ChangeKind.Applied, "next"), (await TakeAsync(watch, 1)) is [var next] ? (next.Kind, next.Version.Path) : default);
    }

    private static async Task<List<FileChange>> TakeAsync(IAsyncEnumerator<FileChange> watch, int count)
    {
        var changes = new List<FileChange>();
        while (changes.Count < count && await watch.MoveNextAsync())
            changes.Add(watch.Current);
        return changes;
    }
}
