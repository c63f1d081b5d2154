using Coffer.Testing;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>A store that shows one history to one person and another to the next, and what brings it to light.</summary>
public sealed class Two_histories : IAsyncDisposable
{
    private readonly JumpingTime _time = new();
    private readonly Team _team;

    public Two_histories() => _team = new Team(time: _time);

    /// <summary>Each is shown none of the other's commits, until one of them is let through: it vouches for what its author had seen.</summary>
    [Fact]
    public async Task One_statement_that_crosses_over_shows_that_the_store_hides_something()
    {
        await using var toBob = new MaliciousStore(_team.Store);
        var alice = await _team.CreateAsync(new VaultSettings { Freshness = TimeSpan.FromDays(1) });
        var carol = await _team.JoinAsync(alice, _team.Carol, AccessLevel.Write);
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write, toBob);
        await alice.WriteTextAsync("both", "1");
        await bob.SyncAsync();

        var before = await StoreSnapshot.TakeAsync(_team.Store);
        var hides = toBob.Tell(Lies.Hide(key => key.Value.StartsWith("users/commits/", StringComparison.Ordinal) && !before.Holds(key)));
        await carol.WriteTextAsync("of carol", "2");
        await alice.SyncAsync();
        await alice.WriteTextAsync("of alice", "3");
        await bob.SyncAsync();
        // The limit: nobody can know by one's own history alone.
        Assert.Equal(["both"], await bob.AllAsync());
        Assert.Empty(bob.GetFindings());

        hides.Dispose();
        var carols = (await _team.Store.KeysAsync("users/commits/")).Select(StoreKey.Parse).Where(key => !before.Holds(key)).ToHashSet();
        carols.RemoveWhere(key => key.Value.Split('/')[2] == before.Keys.Single(static known => known.Value.StartsWith("users/commits/", StringComparison.Ordinal)).Value.Split('/')[2]);
        toBob.Tell(Lies.Hide(carols.Contains));
        await bob.SyncAsync();
        _time.Jump(TimeSpan.FromMinutes(11));
        await bob.SyncAsync();

        Assert.Equal(["both", "of alice"], await bob.AllAsync());
        var finding = Assert.Single(bob.Findings(FindingKind.Absence));
        Assert.Equal((_team.Carol.Public, true), (finding.Member, finding.NamesStore));
        Assert.Contains(carols.Single().Value["users/commits/".Length..], finding.Subject, StringComparison.Ordinal);
    }

    /// <summary>What is new for nobody else is noticed as silence, where the admins agreed on a freshness.</summary>
    [Fact]
    public async Task A_person_who_is_shown_the_past_for_ever_hears_of_the_silence()
    {
        await using var toBob = new MaliciousStore(_team.Store);
        var alice = await _team.CreateAsync(new VaultSettings { Freshness = TimeSpan.FromDays(1) });
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write, toBob);
        await alice.WriteTextAsync("old", "1");
        await bob.SyncAsync();
        toBob.Tell(Lies.RollBack(await StoreSnapshot.TakeAsync(_team.Store)));
        for (var day = 0; day < 3; day++)
        {
            _time.Jump(TimeSpan.FromDays(1));
            await alice.WriteTextAsync("new", $"{day}");
            await bob.SyncAsync();
        }

        Assert.Equal(["old"], await bob.AllAsync());
        Assert.Single(bob.Findings(FindingKind.Silence));
    }

    public ValueTask DisposeAsync() => _team.DisposeAsync();
}
