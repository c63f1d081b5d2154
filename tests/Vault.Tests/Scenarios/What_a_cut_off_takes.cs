using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class What_a_cut_off_takes
{
    [Fact]
    public async Task Comes_back_as_often_as_its_author_may_write_again()
    {
        // A long cooldown: he does not learn of what she does until he syncs.
        var store = new HookedStore(new Stores.MemoryStore("team"));
        await using var team = new Team(store) { Cooldown = TimeSpan.FromHours(1) };
        var hers = await team.CreateAsync();
        var his = await team.JoinAsync(hers, team.Bob, AccessLevel.Write);

        await hers.SetAccessAsync(his.Me, AccessLevel.Read);
        var written = await his.WriteTextAsync("a", "1");
        await hers.SetAccessAsync(his.Me, AccessLevel.Write);
        store.BeforeNext(StoredObjects.CommitKeys, () => hers.SetAccessAsync(his.Me, AccessLevel.Read));
        await his.SyncAsync();
        await hers.SyncAsync();
        Assert.Null(await hers.StatAsync("a"));

        await hers.SetAccessAsync(his.Me, AccessLevel.Write);
        await his.SyncAsync();
        await hers.SyncAsync();
        Assert.Equal([written.Id], (await hers.GetVersionsAsync("a")).Select(static version => version.Id));
        Assert.Equal([written.Id], (await his.GetVersionsAsync("a")).Select(static version => version.Id));
    }
}
