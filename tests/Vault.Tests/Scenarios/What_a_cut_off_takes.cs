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

    /// <summary>Nothing keeps the objects of what was cut off beyond the grace time: they are put anew when they are old, and what is gone is not written again without its content.</summary>
    [Theory, InlineData(3, true, false), InlineData(6, true, true), InlineData(9, false, false)]
    public async Task Comes_back_with_its_content_or_not_at_all(int days, bool comesBack, bool anew)
    {
        var time = new JumpingTime();
        var store = new Stores.MemoryStore("team", time);
        await using var team = new Team(store, time) { Cooldown = TimeSpan.FromDays(30) };
        var hers = await team.CreateAsync();
        var his = await team.JoinAsync(hers, team.Bob, AccessLevel.Write);
        await hers.SetAccessAsync(his.Me, AccessLevel.Read);
        var content = new byte[100_000];
        Random.Shared.NextBytes(content);
        await his.WriteAsync("large", FileContent.FromBytes(content));
        var put = await store.KeysAsync("users/data/");
        await hers.SyncAsync();
        await his.SyncAsync();
        time.Jump(TimeSpan.FromDays(days));
        await hers.HousekeepAsync(new HousekeepOptions { Bodies = true });

        await hers.SetAccessAsync(his.Me, AccessLevel.Write);
        await his.SyncAsync();
        Assert.Equal(anew, (await store.KeysAsync("users/data/")).Except(put).Any());
        // And it is not taken away later.
        time.Jump(TimeSpan.FromDays(8));
        await hers.HousekeepAsync(new HousekeepOptions { Bodies = true });
        if (comesBack)
            Assert.Equal(content, await hers.ReadBytesAsync("large"));
        else
            Assert.Null(await hers.StatAsync("large"));
    }
}
