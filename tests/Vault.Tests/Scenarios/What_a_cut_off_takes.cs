using Coffer.Vaults;
using Xunit;

namespace Coffer.Vault.Tests.Scenarios;

public sealed class What_a_cut_off_takes
{
    private static FileContent Content => FileContent.FromBytes(new byte[] { 1, 2, 3 });

    [Fact]
    public async Task Comes_back_as_often_as_its_author_may_write_again()
    {
        // A long cooldown: he does not learn of what she does until he syncs.
        await using var team = new Team { Cooldown = TimeSpan.FromHours(1) };
        using var alice = PrivateId.Create();
        using var bob = PrivateId.Create();
        var hers = await team.CreateAsync(alice);
        await hers.SetAccessAsync(bob.Public, AccessLevel.Write);
        var store = new HookedStore(team.Store);
        var his = await team.OpenAsync(bob, alice.Public, store: store);

        await hers.SetAccessAsync(bob.Public, AccessLevel.Read);
        var written = await his.WriteAsync("a", Content);
        await hers.SetAccessAsync(bob.Public, AccessLevel.Write);
        store.BeforePut("/commits/", () => hers.SetAccessAsync(bob.Public, AccessLevel.Read));
        await his.SyncAsync();
        await hers.SyncAsync();
        Assert.Null(await hers.StatAsync("a"));

        await hers.SetAccessAsync(bob.Public, AccessLevel.Write);
        await his.SyncAsync();
        await hers.SyncAsync();

        Assert.Equal([written.Id], (await hers.GetVersionsAsync("a")).Select(version => version.Id));
        Assert.Equal([written.Id], (await his.GetVersionsAsync("a")).Select(version => version.Id));
    }
}
