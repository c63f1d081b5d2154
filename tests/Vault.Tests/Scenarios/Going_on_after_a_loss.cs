using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>After a store lost something, or was restored from an older copy: devices put back what they have, and an admin settles what nobody has.</summary>
public sealed class Going_on_after_a_loss : IAsyncDisposable
{
    private readonly JumpingTime _time = new();
    private readonly Team _team;

    public Going_on_after_a_loss() => _team = new Team(time: _time);

    [Fact]
    public async Task After_a_restore_from_an_older_copy_the_devices_put_everything_back_between_them()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("old", "1");
        var copy = await StoreSnapshot.TakeAsync(_team.Store);
        await alice.SetAccessAsync(_team.Carol.Public, AccessLevel.Read);
        await alice.RotateKeyAsync();
        for (var i = 0; i < 3; i++)
        {
            await alice.WriteTextAsync($"a/{i}", $"{i}");
            await bob.WriteTextAsync($"b/{i}", $"{i}");
        }
        await alice.SyncAsync();
        await bob.SyncAsync();

        await copy.RestoreAsync(_team.Store);
        Assert.False((await alice.CheckIntegrityAsync()).IsSound);
        var first = await alice.RepairAsync();
        Assert.Equal((3, 3), (first.Commits, first.Left.Count));
        // What was lost can still be listed where it was known, and the rest read.
        Assert.Equal("2", await alice.ReadTextAsync("a/2"));
        Assert.Contains("b/2", await alice.AllAsync());
        var second = await bob.RepairAsync();
        Assert.Equal((3, 0), (second.Commits, second.Left.Count));

        foreach (var vault in (Vault[])[alice, bob, await _team.OpenAsync(_team.Carol)])
        {
            Assert.Equal(["a/0", "a/1", "a/2", "b/0", "b/1", "b/2", "old"], await vault.AllAsync());
            Assert.True((await vault.CheckIntegrityAsync(new IntegrityCheckOptions { Deep = true })).IsSound);
        }
        Assert.Equal((0, 0, 0), await alice.RepairAsync() is var nothing ? (nothing.Blocks, nothing.Commits, nothing.Left.Count) : default);
    }

    [Fact]
    public async Task What_was_overwritten_with_rubbish_is_put_back_over_it()
    {
        var alice = await _team.CreateAsync();
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Write);
        await alice.RotateKeyAsync();
        await alice.WriteTextAsync("a", "1");
        await alice.WriteTextAsync("b", "2");
        foreach (var key in (await _team.Store.KeysAsync(LedgerKeys)).Concat(await _team.Store.KeysAsync(CommitKeys)))
            await _team.Store.FlipAsync(key, 100);
        Assert.Equal(5, (await alice.CheckIntegrityAsync()).Findings.Count);

        var report = await alice.RepairAsync();

        Assert.Equal((3, 2, 0), (report.Blocks, report.Commits, report.Left.Count));
        var bob = await _team.OpenAsync(_team.Bob);
        Assert.Equal(["a", "b"], await bob.AllAsync());
        Assert.Empty(bob.GetFindings());
    }

    [Fact]
    public async Task Nothing_is_put_onto_a_store_that_is_not_the_one()
    {
        var alice = await _team.CreateAsync();
        await alice.WriteTextAsync("a", "1");
        foreach (var key in await _team.Store.KeysAsync(""))
            await _team.Store.RemoveAsync(key);
        // A write of a moment ago may still tell others of itself.
        await _team.Store.SetAsync("users/changed", [1]);

        var fault = await Assert.ThrowsAsync<VaultException>(() => alice.RepairAsync());

        Assert.Contains("mounted", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["users/changed"], await _team.Store.KeysAsync(""));
    }

    [Fact]
    public async Task What_nobody_can_put_back_an_admin_settles_as_lost_and_the_rest_counts_for_everybody()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        for (var i = 0; i < 6; i++)
            await bob.WriteTextAsync($"{i}", $"{i}");
        await _team.CloseAsync(bob);
        var keys = await _team.Store.KeysAsync(CommitKeys);
        foreach (var lost in (int[])[1, 2, 4])
            await _team.Store.RemoveAsync(keys[lost]);
        var late = await _team.JoinAsync(alice, _team.Carol, AccessLevel.Read);
        Assert.Equal(["0"], await late.AllAsync());
        Assert.Contains(late.Findings(FindingKind.Absence), static finding => finding.Message.Contains("coffer settle", StringComparison.Ordinal));

        var line = Assert.Single(await alice.GetUnsettledAsync());
        var chain = Assert.Single(line.Chains);
        Assert.Equal((_team.Bob.Public, 6, 3, "2-3, 5"), (line.Author, chain.Last, chain.Commits, string.Join(", ", chain.Lost)));
        await alice.SettleAsync(line, chain);

        foreach (var vault in (Vault[])[alice, late, await _team.OpenAsync(_team.Bob)])
        {
            Assert.Equal(["0", "3", "5"], await vault.AllAsync());
            Assert.Empty(await vault.GetUnsettledAsync());
            Assert.True((await vault.CheckIntegrityAsync()).IsSound);
        }
        await Assert.ThrowsAsync<AccessDeniedException>(() => late.SettleAsync(line, chain));
        await Assert.ThrowsAsync<VaultException>(() => alice.SettleAsync(line, chain));
    }

    [Fact]
    public async Task What_is_settled_as_lost_counts_no_more_where_it_is_still_known()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("1", "1");
        await bob.WriteTextAsync("2", "2");
        await bob.WriteTextAsync("3", "3");
        Assert.Equal(["1", "2", "3"], await alice.AllAsync());
        await _team.Store.RemoveAsync((await _team.Store.KeysAsync(CommitKeys))[1]);

        var line = Assert.Single(await alice.GetUnsettledAsync());
        await alice.SettleAsync(line, Assert.Single(line.Chains));

        Assert.Equal(["1", "3"], await alice.AllAsync());
        Assert.Equal(["1", "3"], await (await _team.OpenAsync(_team.Alice)).AllAsync());
        Assert.Equal(["1", "3"], await bob.AllAsync());
        Assert.Equal((0, 0), await bob.RepairAsync() is var late ? (late.Commits, late.Left.Count) : default);
    }

    [Fact]
    public async Task What_is_missing_at_the_end_can_be_settled_too()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("1", "1");
        await bob.WriteTextAsync("2", "2");
        await alice.SyncAsync();
        await alice.WriteTextAsync("a", "I saw both");
        await _team.CloseAsync(bob);
        await _team.Store.RemoveAsync((await _team.Store.KeysAsync(CommitKeys)).Where(static key => key.EndsWith('2')).Order(StringComparer.Ordinal).First());
        var second = await _team.OpenAsync(_team.Alice);

        var line = Assert.Single(await second.GetUnsettledAsync());
        var chain = Assert.Single(line.Chains);
        Assert.Equal((2, 1, "2"), (chain.Last, chain.Commits, string.Join(", ", chain.Lost)));
        await second.SettleAsync(line, chain);

        Assert.Equal(["1", "a"], await second.AllAsync());
        Assert.Equal(["1", "a"], await alice.AllAsync());
        Assert.Empty(await alice.GetUnsettledAsync());
    }

    [Fact]
    public async Task Where_a_member_signed_two_commits_of_one_number_an_admin_says_which_chain_counts()
    {
        var alice = await _team.CreateAsync();
        var carol = await _team.JoinAsync(alice, _team.Carol, AccessLevel.Read);
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Write);
        using var bob = await Forger.BeginAsync(_team, _team.Bob);
        var first = bob.Seal("first", "1");
        await bob.PutAsync(first);
        var left = bob.Seal("left", "2", after: first.Commit.Link);
        await bob.PutAsync(left);
        await alice.SyncAsync();
        await _team.Store.RemoveAsync((await _team.Store.KeysAsync(CommitKeys))[^1]);
        var right = bob.Seal("right", "3", after: first.Commit.Link);
        await bob.PutAsync(right);
        await bob.PutAsync(bob.Seal("further", "4", after: right.Commit.Link));
        Assert.False((await alice.CheckIntegrityAsync()).IsSound);
        Assert.Equal(["first"], await alice.AllAsync());

        var line = Assert.Single(await alice.GetUnsettledAsync());
        Assert.Equal([2L, 3L], line.Chains.Select(static chain => chain.Last).Order());
        await alice.SettleAsync(line, line.Chains.Single(static chain => chain.Last == 3));

        Assert.Equal(["first", "further", "right"], await alice.AllAsync());
        Assert.Equal(["first", "further", "right"], await carol.AllAsync());
        Assert.Empty(await alice.GetUnsettledAsync());
    }

    public ValueTask DisposeAsync() => _team.DisposeAsync();
}
