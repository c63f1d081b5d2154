using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Sending_commits
{
    private readonly JumpingTime _time = new();

    private static bool IsCommit(string key) => key.StartsWith(CommitKeys, StringComparison.Ordinal);

    [Fact]
    public async Task A_body_is_on_the_store_before_the_commit_that_names_it_and_the_marker_comes_last()
    {
        var store = new HookedStore(new MemoryStore("team"));
        await using var team = new Team(store, _time);
        var alice = await team.CreateAsync();
        var before = store.Puts.Count;
        await alice.WriteAsync("a", Bytes(20_000_000));
        await alice.WriteManyAsync([.. Enumerable.Range(0, 5).Select(static i => new FileWrite($"{i}", Bytes(50_000)))]);
        await team.CloseAsync(alice);
        var kinds = store.Puts.Skip(before).Select(static key => key.Split('/')[1]).Where(static kind => kind != "changed");
        Assert.Equal(["data", "data", "commits", "data", "commits"], kinds);
        Assert.Equal("users/changed", store.Puts[^1]);
    }

    [Fact]
    public async Task A_failed_body_leaves_no_commit()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, _time);
        var alice = await team.CreateAsync();
        store.Inject(new Fault { Operation = StoreOperation.Put, Key = static key => key.StartsWith(DataKeys, StringComparison.Ordinal), Kind = StoreErrorKind.QuotaExceeded });
        Assert.Equal(StoreErrorKind.QuotaExceeded, (await Assert.ThrowsAsync<StoreException>(() => alice.WriteAsync("a", Bytes(50_000)))).Kind);
        Assert.Empty(await alice.AllAsync());
        Assert.Empty(await store.KeysAsync(CommitKeys));
    }

    [Fact]
    public async Task A_write_whose_author_loses_access_while_an_older_commit_is_finished_before_it_is_not_acknowledged()
    {
        var memory = new MemoryStore("team");
        var faulty = new FaultyStore(memory);
        var hooked = new HookedStore(faulty);
        await using var team = new Team(memory, _time);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write, store: hooked, cooldown: TimeSpan.FromHours(1));
        faulty.Inject(new Fault { Operation = StoreOperation.Put, Times = 10, Key = IsCommit });
        await Assert.ThrowsAsync<StoreException>(() => bob.WriteTextAsync("a", "is in flight"));
        hooked.BeforeNext(CommitKeys, async () =>
        {
            await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read);
            await bob.SyncAsync();
        });

        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.WriteTextAsync("b", "has no right any more"));

        Assert.Empty(await alice.AllAsync());
    }

    [Theory]
    [InlineData(FaultMoment.Before)]
    [InlineData(FaultMoment.During)]
    [InlineData(FaultMoment.After)]
    public async Task A_put_whose_answer_fails_is_neither_lost_nor_doubled(FaultMoment moment)
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, _time);
        var alice = await team.CreateAsync();
        store.Inject(new Fault { Operation = StoreOperation.Put, Moment = moment, Times = 3, Key = IsCommit });
        store.Inject(new Fault { Operation = StoreOperation.Put, Moment = moment, Times = 2, Key = static key => key.StartsWith(DataKeys, StringComparison.Ordinal) });
        for (var i = 0; i < 4; i++)
            await alice.WriteAsync($"{i}", Bytes(i * 10_000));
        Assert.Equal(["0", "1", "2", "3"], await alice.AllAsync());
        Assert.Equal(4, (await store.KeysAsync(CommitKeys)).Length);
        Assert.Equal(3, (await store.KeysAsync(DataKeys)).Length);
        Assert.Equal(4, (await alice.GetStatusAsync()).Versions);
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task A_refused_put_leaves_nothing_in_flight_and_later_writes_work()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, _time);
        var alice = await team.CreateAsync();
        store.Inject(new Fault { Operation = StoreOperation.Put, Kind = StoreErrorKind.PermissionDenied, Key = IsCommit });
        Assert.Equal(StoreErrorKind.PermissionDenied, (await Assert.ThrowsAsync<StoreException>(() => alice.WriteTextAsync("refused", "1"))).Kind);
        await alice.WriteTextAsync("a", "1");
        Assert.Equal(["a"], await alice.AllAsync());
        Assert.EndsWith("/0000000000001", Assert.Single(await store.KeysAsync(CommitKeys)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_could_not_be_sent_is_finished_at_the_next_write_also_after_the_process_ended(bool reopened)
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, _time);
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        var down = store.Inject(new Fault { Operation = StoreOperation.Put, Times = int.MaxValue, Key = IsCommit });
        var unknown = await Assert.ThrowsAsync<StoreException>(() => alice.WriteTextAsync("first", "1"));
        Assert.Equal(StoreErrorKind.OutcomeUnknown, unknown.Kind);
        down.Dispose();
        if (reopened)
        {
            await team.CloseAsync(alice);
            alice = await team.OpenAsync(team.Alice, index);
        }
        await alice.WriteTextAsync("second", "1");
        Assert.Equal(["first", "second"], await alice.AllAsync());
        Assert.Equal(["first", "second"], await (await team.OpenAsync(team.Alice)).AllAsync());
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task What_is_in_flight_stays_so_when_the_store_refuses_to_take_it_again()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, _time);
        var alice = await team.CreateAsync();
        using (store.Inject(new Fault { Operation = StoreOperation.Put, Times = int.MaxValue, Key = IsCommit }))
            await Assert.ThrowsAsync<StoreException>(() => alice.WriteTextAsync("first", "1"));
        store.Inject(new Fault { Operation = StoreOperation.Put, Kind = StoreErrorKind.PermissionDenied, Key = IsCommit });
        await Assert.ThrowsAsync<StoreException>(() => alice.WriteTextAsync("refused", "1"));
        await alice.WriteTextAsync("second", "1");
        Assert.Equal(["first", "second"], await alice.AllAsync());
    }

    [Fact]
    public async Task A_commit_in_flight_whose_bodies_grew_too_old_is_given_up_and_told_and_later_writes_work()
    {
        var store = new FaultyStore(new MemoryStore("team", _time));
        await using var team = new Team(store, _time);
        var alice = await team.CreateAsync();
        using (store.Inject(new Fault { Operation = StoreOperation.Put, Times = int.MaxValue, Key = IsCommit }))
            await Assert.ThrowsAsync<StoreException>(() => alice.WriteAsync("old", Bytes(50_000)));
        _time.Jump(TimeSpan.FromDays(4));
        await alice.WriteTextAsync("new", "1");
        await alice.WriteTextAsync("newer", "1");
        Assert.Equal(["new", "newer"], await alice.AllAsync());
        Assert.Contains("old", Assert.Single(alice.Findings(FindingKind.Refused)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_in_flight_that_did_arrive_is_found_however_late()
    {
        var store = new FaultyStore(new MemoryStore("team", _time));
        await using var team = new Team(store, _time);
        var alice = await team.CreateAsync();
        store.Inject(new Fault { Operation = StoreOperation.Put, Moment = FaultMoment.After, Key = IsCommit });
        using (store.Inject(new Fault { Operation = StoreOperation.Read, Times = int.MaxValue, Key = IsCommit }))
        using (store.Inject(new Fault { Operation = StoreOperation.Put, First = 2, Times = int.MaxValue, Key = IsCommit }))
            await Assert.ThrowsAsync<StoreException>(() => alice.WriteAsync("old", Bytes(50_000)));
        _time.Jump(TimeSpan.FromDays(4));
        await alice.WriteTextAsync("new", "1");
        Assert.Equal(["new", "old"], await alice.AllAsync());
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task A_name_that_junk_has_taken_is_reported_and_the_write_goes_out_under_a_new_writer()
    {
        await using var team = new Team(time: _time);
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "1");
        var first = Assert.Single(await team.Store.KeysAsync(CommitKeys));
        await team.Store.SetAsync(first[..^1] + "2", "junk"u8.ToArray());
        await alice.WriteTextAsync("b", "1");
        Assert.Equal(["a", "b"], await alice.AllAsync());
        Assert.Equal(["a", "b"], await (await team.OpenAsync(team.Alice)).AllAsync());
        Assert.Single(alice.Findings(FindingKind.Junk));
        Assert.Equal(2, (await team.Store.KeysAsync(CommitKeys)).Select(static key => key[..^13]).Distinct().Count());
    }

    [Fact]
    public async Task A_name_that_another_member_has_taken_costs_a_writer_and_nothing_else()
    {
        await using var team = new Team(time: _time);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("a", "1");
        using var forger = await Forger.BeginAsync(team, team.Bob);
        var hers = await forger.NewestOfAsync(alice.Me);
        await forger.PutAsync(forger.Seal("rogue", "1", after: hers));
        await alice.WriteTextAsync("b", "1");
        foreach (var peer in (Vault[])[alice, bob, await team.OpenAsync(team.Bob)])
            Assert.Equal(["a", "b"], await peer.AllAsync());
    }

    [Fact]
    public async Task A_store_that_says_taken_and_shows_nothing_does_not_hold_a_write_for_ever()
    {
        var store = new HookedStore(new MemoryStore("team"));
        await using var team = new Team(store, _time);
        var alice = await team.CreateAsync();
        store.BeforePut = static key => IsCommit(key) ? throw new StoreException(StoreErrorKind.AlreadyExists, $"'{key}' is there.") : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreException>(() => alice.WriteTextAsync("a", "1").WaitAsync(TimeSpan.FromSeconds(60)));
        store.BeforePut = static _ => Task.CompletedTask;
        await alice.WriteTextAsync("b", "1");
        Assert.Contains("b", await alice.AllAsync());
    }
}
