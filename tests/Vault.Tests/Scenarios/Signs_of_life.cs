using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>With a freshness window an admin's device commits something now and then, and who sees no sign of any admin for a whole window is told.</summary>
public sealed class Signs_of_life : IAsyncDisposable
{
    private static readonly VaultSettings Daily = new() { Freshness = TimeSpan.FromDays(1) };

    private readonly JumpingTime _time = new();
    private readonly Team _team;

    public Signs_of_life() => _team = new Team(time: _time);

    private async Task<int> CommitsAsync() => (await _team.Store.KeysAsync(CommitKeys)).Length;

    [Fact]
    public async Task Without_a_window_nobody_signs_and_nobody_is_told()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Read);
        _time.Jump(TimeSpan.FromDays(365));
        await alice.SyncAsync();
        await bob.SyncAsync();
        Assert.Equal(0, await CommitsAsync());
        Assert.Empty(bob.GetFindings());
        Assert.Null((await bob.GetStatusAsync()).LastSign);
    }

    [Fact]
    public async Task An_admins_device_signs_when_half_of_the_window_has_passed_without_a_sign()
    {
        var alice = await _team.CreateAsync(Daily);
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Admin);
        var carol = await _team.JoinAsync(alice, _team.Carol, AccessLevel.Write);
        await alice.SyncAsync();
        Assert.Equal(0, await CommitsAsync());
        for (var day = 0; day < 3; day++)
        {
            _time.Jump(TimeSpan.FromHours(11));
            await alice.SyncAsync();
            Assert.Equal(2 * day, await CommitsAsync());
            _time.Jump(TimeSpan.FromHours(2));
            await bob.HousekeepAsync();
            await alice.SyncAsync();
            Assert.Equal(1 + (2 * day), await CommitsAsync());
            _time.Jump(TimeSpan.FromHours(13));
            await alice.SyncAsync();
            await bob.SyncAsync();
            await carol.SyncAsync();
            Assert.Equal(2 + (2 * day), await CommitsAsync());
        }
        foreach (var vault in (Vault[])[alice, bob, carol])
        {
            Assert.Empty(vault.GetFindings());
            Assert.Empty(await vault.AllAsync());
            Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds(), (await vault.GetStatusAsync()).LastSign!.Value.ToUnixTimeSeconds());
        }
    }

    [Fact]
    public async Task What_an_admin_writes_is_a_sign_and_what_a_writer_writes_is_none()
    {
        var alice = await _team.CreateAsync(Daily);
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("a", "1");
        _time.Jump(TimeSpan.FromHours(23));
        await bob.WriteTextAsync("b", "1");
        await bob.SyncAsync();
        Assert.Empty(bob.GetFindings());
        _time.Jump(TimeSpan.FromHours(2));
        await bob.SyncAsync();
        Assert.Single(bob.Findings(FindingKind.Silence));
    }

    [Fact]
    public async Task A_store_that_hides_what_is_new_is_noticed_by_the_silence()
    {
        var alice = await _team.CreateAsync(Daily);
        await alice.SyncAsync();
        await using var store = new HookedStore(_team.Store);
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Read, store: store);
        var known = (await _team.Store.KeysAsync(CommitKeys)).ToHashSet();
        store.Hides = key => key.StartsWith(CommitKeys, StringComparison.Ordinal) && !known.Contains(key);
        for (var day = 0; day < 2; day++)
        {
            _time.Jump(TimeSpan.FromHours(13));
            await alice.WriteTextAsync($"{day}", "hidden");
            await bob.SyncAsync();
        }
        Assert.Empty(await bob.AllAsync());

        var finding = Assert.Single(bob.Findings(FindingKind.Silence));
        Assert.True(finding.NamesStore);
        Assert.Contains("may be missing here", finding.Message, StringComparison.Ordinal);
        Assert.False((await bob.CheckIntegrityAsync()).IsSound);

        store.Hides = static _ => false;
        await bob.SyncAsync();
        Assert.Equal(["0", "1"], await bob.AllAsync());
        Assert.All(bob.GetFindings(), static found => Assert.True(found.IsAccepted));
        Assert.True((await bob.CheckIntegrityAsync()).IsSound);
    }

    [Fact]
    public async Task The_block_that_turns_it_on_is_a_sign_and_a_newcomer_is_told_of_silence_at_once()
    {
        var alice = await _team.CreateAsync();
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Read);
        _time.Jump(TimeSpan.FromDays(30));
        await alice.ConfigureAsync(alice.Settings with { Freshness = TimeSpan.FromHours(6) });
        var bob = await _team.OpenAsync(_team.Bob);
        Assert.Empty(bob.GetFindings());
        Assert.Equal(TimeSpan.FromHours(6), bob.Settings.Freshness);
        _time.Jump(TimeSpan.FromHours(7));

        var late = await _team.OpenAsync(_team.Bob);

        Assert.Single(late.Findings(FindingKind.Silence));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.ConfigureAsync(alice.Settings with { Freshness = TimeSpan.FromSeconds(59) }));
    }

    public ValueTask DisposeAsync() => _team.DisposeAsync();
}
