using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Naming;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Where nobody can delete, the names of commits become more and more; a device that knows them lists each writer after its last one.</summary>
public sealed class Names_that_pile_up : IAsyncDisposable
{
    /// <summary>Enough that one listing of all takes more requests than one for each of a few writers.</summary>
    private const int Many = 6_000;

    private const ulong Stranger = 0x1234_5678_9abc_def0;

    private static readonly VaultNames Names = new("users");

    private readonly HookedStore _store = new(new MemoryStore("piled-up"));
    private readonly Team _team;

    public Names_that_pile_up() => _team = new Team(_store) { Cooldown = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Each_writer_is_listed_after_its_last_number()
    {
        await PileUpAsync();
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        for (var i = 0; i < 5; i++)
            await alice.WriteTextAsync($"a{i}", "1");
        await bob.WriteTextAsync("b", "1");
        Assert.Equal(6, (await bob.AllAsync()).Length);

        await alice.WriteTextAsync("a5", "1");
        var (entries, lists) = (_store.Entries, CommitLists().Count);
        Assert.Equal(7, (await bob.AllAsync()).Length);
        // The block; three writers; what the stranger has, of which nothing is known; alice's last that is known and the new one; bob's last.
        Assert.Equal(1 + 3 + Many + 2 + 1, _store.Entries - entries);
        Assert.Equal(1 + 3, CommitLists().Count - lists);
    }

    [Fact]
    public async Task A_new_writer_and_a_number_that_was_passed_by_are_found()
    {
        await PileUpAsync();
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        var carol = await _team.JoinAsync(alice, _team.Carol, AccessLevel.Write);
        for (var i = 0; i < 3; i++)
            await alice.WriteTextAsync($"a{i}", "1");
        var hidden = (await OwnCommitsAsync())[1];
        _store.Hides = key => key == hidden;
        Assert.Equal(["a0"], await bob.AllAsync());

        _store.Hides = static _ => false;
        await carol.WriteTextAsync("c", "1");
        Assert.Equal(["a0", "a1", "a2", "c"], await bob.AllAsync());
        Assert.Equal(["a0", "a1", "a2", "c"], await carol.AllAsync());
        Assert.Empty(bob.Findings(FindingKind.Absence));
    }

    [Fact]
    public async Task When_somebody_deletes_after_all_one_listing_is_enough_again()
    {
        await PileUpAsync();
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        for (var i = 0; i < 3; i++)
            await alice.WriteTextAsync($"a{i}", "1");
        await bob.WriteTextAsync("b", "1");
        await bob.SyncAsync();
        foreach (var key in await OwnCommitsAsync())
            await _store.RemoveAsync(key);

        await bob.SyncAsync();
        Assert.Equal([CommitKeys, Names.Writer(Stranger)], CommitLists()[^2..]);
        await alice.WriteTextAsync("a3", "1");
        Assert.Equal(["a0", "a1", "a2", "a3", "b"], await bob.AllAsync());
        Assert.Equal(CommitKeys, CommitLists()[^1]);
    }

    [Fact]
    public async Task A_listing_of_everything_is_one_request_for_a_thousand_names()
    {
        var counted = new CountingStore(_store);
        await PileUpAsync();
        var alice = await _team.CreateAsync(store: counted);
        counted.Reset();
        await alice.SyncAsync();
        // The end of the ledger, six pages of commits, the packs.
        Assert.Equal(1 + (Many / 1_000) + 1, counted.Counts.List);
    }

    private List<string> CommitLists() => [.. _store.Lists.Where(static prefix => prefix.StartsWith(CommitKeys, StringComparison.Ordinal))];

    private async Task<string[]> OwnCommitsAsync() => [.. (await _store.KeysAsync(CommitKeys)).Where(static key => !key.StartsWith(Names.Writer(Stranger), StringComparison.Ordinal))];

    /// <summary>Objects with the names of commits, that no key opens.</summary>
    private async Task PileUpAsync()
    {
        for (var number = 1; number <= Many; number++)
            await _store.SetAsync(Names.Commit(new CommitName(Stranger, number)).Value, [1]);
    }

    public ValueTask DisposeAsync() => _team.DisposeAsync();
}
