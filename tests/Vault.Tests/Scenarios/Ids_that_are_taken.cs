using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Writers and records are named by their ids and their author: a member who takes the ids of another one gains nothing by it.</summary>
public sealed class Ids_that_are_taken
{
    private const ulong Writer = 0xB0B;

    [Fact]
    public async Task Who_writes_under_the_id_of_anothers_writer_hides_none_of_its_changes()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Write);
        using var bob = await Forger.BeginAsync(team, team.Bob);
        using var carol = await Forger.BeginAsync(team, team.Carol);
        var first = bob.Seal("his", "1", writer: Writer);
        var second = bob.Seal("his, too", "2", after: first.Commit.Link);

        // The store is hers: it shows her commit first, and only then his, which has the same name.
        var hers = await carol.PutAsync(carol.Seal("hers", "1", writer: Writer));
        await alice.SyncAsync();
        var position = await alice.GetPositionAsync();
        await team.Store.RemoveAsync(StoredObjects.CommitKeys + hers.Name);
        await bob.PutAsync(first);
        await bob.PutAsync(second);
        await alice.SyncAsync();
        await alice.SyncAsync();
        Assert.Equal(["hers", "his", "his, too"], await alice.AllAsync());
        Assert.Equal(["his", "his, too"], await alice.NamesAsync("", new ListFilesOptions { Since = position }));

        await alice.RebuildIndexAsync();
        Assert.Equal(["his", "his, too"], await alice.NamesAsync("", new ListFilesOptions { Since = position }));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var change in alice.WatchAsync(position, end.Token))
        {
            Assert.Equal("his", change.Version.Path);
            break;
        }
    }

    [Fact]
    public async Task Who_writes_a_record_with_the_id_of_anothers_does_not_take_its_version()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Write);
        using var bob = await Forger.BeginAsync(team, team.Bob);
        using var carol = await Forger.BeginAsync(team, team.Carol);
        await bob.PutAsync(bob.Seal("a", "his", writer: 1, record: 5));
        await carol.PutAsync(carol.Seal("a", "hers", writer: 2, record: 5, at: DateTimeOffset.UtcNow.AddDays(-1)));
        await alice.SyncAsync();

        var versions = await alice.GetVersionsAsync("a");
        Assert.Equal([team.Carol.Public, team.Bob.Public], versions.Select(static version => version.Author));
        Assert.Equal("hers", await alice.ReadTextAsync("a", versions[0].Id));
        Assert.Equal("his", await alice.ReadTextAsync("a", versions[1].Id));
    }
}
