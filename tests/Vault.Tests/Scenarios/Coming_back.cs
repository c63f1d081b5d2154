using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A member whose access is taken and given again.</summary>
public sealed class Coming_back
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task Who_comes_back_writes_under_a_new_writer()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("1", "");
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        await bob.SyncAsync();
        await alice.SetAccessAsync(bob.Me, AccessLevel.Write);
        await bob.WriteTextAsync("2", "");
        await bob.WriteTextAsync("3", "");
        Assert.Equal(["1", "2", "3"], await alice.AllAsync());
        Assert.Equal(2, (await WritersAsync(team)).Length);
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task What_was_written_behind_the_removal_is_withdrawn_and_written_again_once_when_its_author_may_write_again()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write, cooldown: Long);
        var phone = await team.OpenAsync(team.Bob);
        await bob.WriteTextAsync("early", "1");
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        // This device has not looked since, so it still believes that it may.
        await bob.WriteTextAsync("late", "text");
        await bob.WriteAsync("late, large", TextFiles.Bytes(100_000));
        await bob.DeleteAsync("early");

        foreach (var peer in (Vault[])[alice, bob, phone])
        {
            Assert.Equal(["early"], await peer.AllAsync());
            Assert.Equal(3, peer.Findings(FindingKind.Refused).Concat(peer.Findings(FindingKind.Withdrawn)).Count(finding => finding.Member == bob.Me));
        }
        await alice.SetAccessAsync(bob.Me, AccessLevel.Write);
        for (var round = 0; round < 2; round++)
        {
            await bob.SyncAsync();
            await phone.SyncAsync();
        }
        await bob.RebuildIndexAsync();
        foreach (var peer in (Vault[])[alice, bob, phone, await team.OpenAsync(team.Bob), await team.OpenAsync(team.Alice)])
        {
            Assert.Equal(["late", "late, large"], await peer.AllAsync());
            Assert.Equal("text", await peer.ReadTextAsync("late"));
            Assert.Equal(100_000, (await peer.ReadBytesAsync("late, large")).Length);
            Assert.Single(await peer.GetVersionsAsync("late"));
            Assert.Equal(2, (await peer.GetVersionsAsync("early")).Count);
        }
    }

    [Fact]
    public async Task A_vault_opens_although_what_was_cut_off_cannot_be_written_again_now()
    {
        var store = new HookedStore(new Stores.MemoryStore("team"));
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        var index = team.NewIndex();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var bob = await team.OpenAsync(team.Bob, index, cooldown: Long);
        await bob.WriteTextAsync("early", "1");
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        await bob.WriteTextAsync("late", "1");
        await alice.SetAccessAsync(bob.Me, AccessLevel.Write);
        await team.CloseAsync(bob);

        store.BeforePut = static key => throw new StoreException(StoreErrorKind.PermissionDenied, $"'{key}' may not be written.");
        bob = await team.OpenAsync(team.Bob, index);
        Assert.Equal(["early"], await bob.AllAsync());
        store.BeforePut = static _ => Task.CompletedTask;
        Assert.Equal(["early", "late"], await bob.AllAsync());
        Assert.Equal(["early", "late"], await alice.AllAsync());
    }

    [Fact]
    public async Task A_reader_who_was_removed_and_comes_back_sets_attributes_again()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        await carol.SetMyAttributeAsync("name", new byte[] { 1 });
        await alice.SetAccessAsync(carol.Me, AccessLevel.None);
        await alice.SetAccessAsync(carol.Me, AccessLevel.Read);
        await carol.SetMyAttributeAsync("name", new byte[] { 2 });
        await alice.SyncAsync();
        Assert.Equal([2], (await alice.GetMemberAttributesAsync(carol.Me))["name"].ToArray());
        Assert.Equal(2, (await WritersAsync(team)).Length);
    }

    private static async Task<string[]> WritersAsync(Team team) =>
        [.. (await team.Store.KeysAsync(CommitKeys)).Select(static key => key[..^13]).Distinct()];
}
