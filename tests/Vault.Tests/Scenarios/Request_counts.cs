using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>The budgets of requests that hold from the start.</summary>
public sealed class Request_counts : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly CountingStore _store = new(ScenarioStore.Create());

    [Fact]
    public async Task A_small_file_is_one_put_and_at_most_one_of_the_marker()
    {
        await using var team = new Team(_store) { Cooldown = Long };
        var alice = await team.CreateAsync();
        _store.Reset();
        await alice.WriteAsync("small", Bytes(4096));
        var counts = _store.Counts;
        Assert.InRange(counts.Put, 1, 2);
        Assert.Equal(counts.Put, counts.Total);
    }

    [Fact]
    public async Task A_file_of_up_to_16_mebibytes_is_two_puts_and_a_larger_one_a_put_for_each_16_mebibytes_more()
    {
        var store = new HookedStore(_store);
        await using var team = new Team(store) { Cooldown = Long };
        var alice = await team.CreateAsync();
        Assert.Equal(2, await PutsOfAsync(() => alice.WriteAsync("medium", Bytes(16 << 20))));
        Assert.Equal(4, await PutsOfAsync(() => alice.WriteAsync("large", Bytes(40 << 20))));

        async Task<int> PutsOfAsync(Func<Task> write)
        {
            var before = store.Puts.Count;
            await write();
            return store.Puts.Skip(before).Count(static key => key != "users/changed");
        }
    }

    [Fact]
    public async Task A_thousand_small_files_at_the_same_time_are_ten_puts_or_fewer()
    {
        var store = new HookedStore(_store);
        var slow = new FaultyStore(store);
        await using var team = new Team(slow) { Cooldown = Long };
        var alice = await team.CreateAsync();
        slow.Inject(Fault.Slow(TimeSpan.FromMilliseconds(200), StoreOperation.Put));
        var before = store.Puts.Count;
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => alice.WriteAsync($"{i}", Bytes(100))));
        Assert.InRange(store.Puts.Skip(before).Count(static key => key != "users/changed"), 1, 10);
        Assert.Equal(1000, (await alice.GetStatusAsync()).Files);
    }

    [Fact]
    public async Task A_poll_is_one_head_when_there_is_nothing_new()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        await alice.WriteTextAsync("a", "1");
        await team.CloseAsync(alice);
        Assert.Equal(["a"], await bob.NamesAsync());
        _store.Reset();
        Assert.Equal(["a"], await bob.NamesAsync());
        Assert.Equal((1L, 1L), (Looks(_store.Counts), _store.Counts.Total));
    }

    /// <summary>The looks at the change marker: its version is asked for, or it is read where versions say too little.</summary>
    private long Looks(RequestCounts counts) => _store.Capabilities.StrongVersions ? counts.Stat : counts.Read;

    [Fact]
    public async Task A_poll_with_news_reads_only_what_is_new()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        for (var i = 0; i < 20; i++)
            await alice.WriteTextAsync($"{i}", "1");
        await bob.SyncAsync();
        for (var i = 0; i < 7; i++)
            await alice.WriteTextAsync($"more {i}", "1");
        await team.CloseAsync(alice);
        _store.Reset();
        await bob.SyncAsync();
        // Where versions say too little, the marker and the newest block are read to see whether they are as they were.
        Assert.Equal(_store.Capabilities.StrongVersions ? (1, 7) : (0, 9), (_store.Counts.Stat, _store.Counts.Read));
        Assert.Equal((2, 0), (_store.Counts.List, _store.Counts.Put));
    }

    [Fact]
    public async Task A_poll_reads_each_new_block_once_and_a_large_head_in_two_parts()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        await bob.SyncAsync();
        await alice.RotateKeyAsync();
        await alice.RotateKeyAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 3000).Select(static i => new FileWrite($"{i}", FileContent.FromBytes(default)))]);
        await team.CloseAsync(alice);
        _store.Reset();
        await bob.SyncAsync();
        // Two blocks, and a commit with a head above 64 KiB; where versions say too little, the marker and the newest block are read too.
        Assert.Equal(_store.Capabilities.StrongVersions ? (1, 4) : (0, 6), (_store.Counts.Stat, _store.Counts.Read));
        Assert.Equal((2, 0), (_store.Counts.List, _store.Counts.Put));
    }

    [Fact]
    public async Task An_own_write_does_not_make_the_next_poll_list()
    {
        var store = new HookedStore(_store);
        await using var team = new Team(store, new JumpingTime());
        var alice = await team.CreateAsync();
        await alice.SyncAsync();
        using var marker = new HeldMarker(store);
        await alice.WriteTextAsync("a", "1");
        await marker.First;
        await alice.WriteTextAsync("b", "2");
        await marker.Second;
        _store.Reset();
        Assert.Equal(["a", "b"], await alice.NamesAsync());
        var counts = _store.Counts;
        // Where no put can name the version that it replaces, the marker may tell of anything, so there is a listing of the ledger's end and one of the commits.
        if (NamesVersions)
            Assert.Equal((1L, 1L), (counts.Stat, counts.Total));
        else
            Assert.Equal(2, counts.List);
    }

    /// <summary>Whether a put can name the version that it replaces.</summary>
    private bool NamesVersions => _store.Capabilities is { IfMatch: true, StrongVersions: true };

    [Fact]
    public async Task What_another_peer_told_before_an_own_write_is_not_hidden_by_it()
    {
        var store = new HookedStore(_store);
        await using var team = new Team(_store, new JumpingTime());
        var alice = await team.CreateAsync(store: store);
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.SyncAsync();
        using var marker = new HeldMarker(store)
        {
            BeforeFirst = async () =>
            {
                await bob.WriteTextAsync("of bob", "1");
                await team.CloseAsync(bob);
            },
        };
        await alice.WriteTextAsync("of alice", "1");
        await marker.First;
        await alice.WriteTextAsync("of alice, too", "1");
        await marker.Second;
        Assert.Equal(["of alice", "of alice, too", "of bob"], await alice.NamesAsync());
    }

    [Fact]
    public async Task A_writer_lists_everything_once_in_half_a_margin_and_looks_at_the_ledger_once_in_a_cooldown()
    {
        var time = new JumpingTime();
        var store = new HookedStore(_store);
        await using var team = new Team(store, time) { Cooldown = TimeSpan.FromMinutes(1) };
        var alice = await team.CreateAsync();
        var before = store.Lists.Count;
        for (var minute = 0; minute < 120; minute++)
        {
            await alice.WriteTextAsync($"{minute}", "1");
            await alice.WriteTextAsync($"{minute} again", "1");
            time.Jump(TimeSpan.FromMinutes(1));
        }
        var lists = store.Lists.Skip(before).ToList();
        Assert.InRange(lists.Count(static prefix => prefix.StartsWith("users/commits", StringComparison.Ordinal)), 3, 5);
        Assert.InRange(lists.Count(static prefix => prefix.StartsWith("users/packs", StringComparison.Ordinal)), 3, 5);
        Assert.InRange(lists.Count(static prefix => prefix.StartsWith("users/ledger", StringComparison.Ordinal)), 1, 125);
    }

    [Fact]
    public async Task A_new_index_reads_each_pack_once_and_none_of_the_commits_in_it()
    {
        var time = new JumpingTime();
        await using var team = new Team(_store, time);
        var alice = await team.CreateAsync();
        for (var day = 0; day < 2; day++)
        {
            for (var i = 0; i < 12; i++)
                await alice.WriteTextAsync($"{day}/{i}", "1");
            time.Jump(TimeSpan.FromDays(2));
            Assert.Equal(1, (await alice.HousekeepAsync()).PacksMade);
        }
        for (var i = 0; i < 3; i++)
            await alice.WriteTextAsync($"loose {i}", "1");
        await team.CloseAsync(alice);
        _store.Reset();
        var fresh = await team.OpenAsync(team.Alice);
        var counts = _store.Counts;
        // One block and the slot behind it, two packs, three commits; and the marker where it is read.
        Assert.InRange(counts.Read, 6, _store.Capabilities.StrongVersions ? 7 : 9);
        Assert.InRange(counts.List, 3, 4);
        Assert.Equal(0, counts.Put);
        Assert.Equal((27, 2, 3), ((await fresh.GetStatusAsync()).Files, (await fresh.GetStatusAsync()).Packs, (await fresh.GetStatusAsync()).LooseCommits));
    }

    [Fact]
    public async Task A_new_index_reads_each_block_and_each_commit_once()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        for (var i = 0; i < 5; i++)
            await alice.RotateKeyAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 3000).Select(static i => new FileWrite($"{i}", FileContent.FromBytes(default)))]);
        for (var i = 0; i < 20; i++)
            await alice.WriteTextAsync($"single {i}", "1");
        _store.Reset();
        var fresh = await team.OpenAsync(team.Alice);
        // 6 blocks and one more at the end, 21 commits of which one has a head above 64 KiB.
        Assert.InRange(_store.Counts.Read, 27, 30);
        Assert.InRange(_store.Counts.List, 2, 4);
        Assert.Equal(3020, (await fresh.GetStatusAsync()).Files);
    }

    [Fact]
    public async Task A_range_is_one_get_for_the_leaves_which_are_then_known_and_one_for_each_piece()
    {
        await using var team = new Team(_store) { Cooldown = Long };
        var alice = await team.CreateAsync();
        await alice.WriteAsync("a", Bytes(20 << 20));
        _store.Reset();
        Assert.Equal((2, 1), (await ReadsOfAsync(5_000_000, 10), await ReadsOfAsync(9_000_000, 10)));
        // The end of the first piece, and the beginning of the second one, where its leaves are.
        Assert.Equal((2, 2), (await ReadsOfAsync((16 << 20) - 5, 10), await ReadsOfAsync((16 << 20) - 5, 10)));

        async Task<long> ReadsOfAsync(long from, int length)
        {
            _store.Reset();
            Assert.Equal(length, (await alice.ReadBytesAsync("a", new ReadFileOptions { Range = new ByteRange(from, length) })).Length);
            Assert.Equal(_store.Counts.Read, _store.Counts.Total);
            return _store.Counts.Read;
        }
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
