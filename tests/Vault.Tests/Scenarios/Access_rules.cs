using Coffer.Stores;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Ledger;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Access_rules
{
    [Fact]
    public async Task A_writer_cannot_administer()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.SetAccessAsync(team.Carol.Public, AccessLevel.Read));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.SetAccessAsync(bob.Me, AccessLevel.Admin));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.RotateKeyAsync());
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.ConfigureAsync(new VaultSettings { Quota = 1 }));
        Assert.Equal(2, (await alice.GetLedgerAsync()).Count);
    }

    [Fact]
    public async Task Who_was_never_a_member_cannot_open_the_vault()
    {
        await using var team = new Team();
        await team.CreateAsync();
        var denied = await Assert.ThrowsAsync<AccessDeniedException>(() => team.OpenAsync(team.Bob));
        Assert.Contains(team.Bob.Public.ToString(), denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_member_reads_nothing_that_is_sealed_after_its_removal()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("before", "1");
        await bob.SyncAsync();
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        await alice.WriteTextAsync("after", "2");
        await alice.WriteAsync("after, large", TextFiles.Bytes(100_000));

        foreach (var device in (Vault[])[bob, await team.OpenAsync(team.Bob)])
        {
            Assert.Equal(["before"], await device.AllAsync());
            Assert.Equal("1", await device.ReadTextAsync("before"));
            await Assert.ThrowsAsync<AccessDeniedException>(() => device.WriteTextAsync("b", "1"));
            await Assert.ThrowsAsync<AccessDeniedException>(() => device.SetMyAttributeAsync("name", new byte[] { 1 }));
        }
        using var forger = await Forger.BeginAsync(team, team.Bob);
        Assert.True(forger.Has(1));
        Assert.False(forger.Has(2));
    }

    /// <summary>What the invitation vouches for does not open there, and yet it is there.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_removed_member_that_opens_the_vault_on_a_new_device_by_an_invitation_is_told_of_no_absence(bool packed)
    {
        var time = new JumpingTime();
        await using var team = new Team(new MemoryStore("team", time), time);
        var alice = await team.CreateAsync();
        await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("before", "1");
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.None);
        for (var i = 0; i < 10; i++)
            await alice.WriteTextAsync("after", "2");
        var invitation = await alice.InviteAsync("mem://team");
        for (var days = 2; packed && days > 0; days--)
        {
            time.Jump(TimeSpan.FromDays(days));
            await alice.HousekeepAsync();
        }

        var bob = await team.OpenAsync(team.Bob, pin: invitation);
        time.Jump(TimeSpan.FromHours(2));
        await bob.SyncAsync();
        Assert.Equal("1", await bob.ReadTextAsync("before"));
        Assert.Null(await bob.StatAsync("after"));
        Assert.Empty(bob.GetFindings());
    }

    [Fact]
    public async Task A_removed_member_adds_nothing_however_it_dates_it()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("before", "1");
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        using var forger = await Forger.BeginAsync(team, team.Bob);
        var own = await forger.NewestOfAsync(bob.Me);
        var yesterday = DateTimeOffset.UtcNow - TimeSpan.FromDays(1);
        await forger.PutAsync(forger.Seal("on its own line", "1", after: own, height: 2));
        await forger.PutAsync(forger.Seal("on a new line", "1", writer: 1, height: 2));
        await forger.PutAsync(forger.Seal("back-dated", "1", writer: 2, height: 2, at: yesterday));
        await forger.PutAsync(forger.Seal("before it was a member", "1", writer: 3, height: 1, at: yesterday));
        await forger.PutAsync(forger.Seal("after the removal", "1", writer: 4, epoch: 1));
        await forger.PutAsync(forger.Seal("another first commit", "1", writer: own.Writer ^ 1, height: 2, at: yesterday));

        foreach (var peer in (Vault[])[alice, await team.OpenAsync(team.Alice), await team.JoinAsync(alice, team.Carol, AccessLevel.Admin)])
        {
            Assert.Equal(["before"], await peer.AllAsync());
            Assert.Equal(6, peer.Findings(FindingKind.Refused).Count(finding => finding.Member == bob.Me));
        }
    }

    [Fact]
    public async Task Who_is_lowered_to_reading_goes_on_reading_and_what_it_wrote_stays()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("his", "1");
        await alice.SetAccessAsync(bob.Me, AccessLevel.Read);
        await alice.WriteTextAsync("hers", "2");
        Assert.Equal(["hers", "his"], await bob.AllAsync());
        Assert.Equal("2", await bob.ReadTextAsync("hers"));
        await Assert.ThrowsAsync<AccessDeniedException>(() => bob.WriteTextAsync("his", "2"));
        await bob.SetMyAttributeAsync("name", "Bob"u8.ToArray());
        await alice.SyncAsync();
        Assert.Single(await alice.GetMemberAttributesAsync(bob.Me));
        Assert.Equal(["hers", "his"], await alice.AllAsync());
        Assert.Equal(1, (await alice.GetStatusAsync()).Epoch);
        await alice.SetAccessAsync(bob.Me, AccessLevel.Write);
        await bob.WriteTextAsync("his", "3");
        Assert.Equal("3", await alice.ReadTextAsync("his"));
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task The_last_admin_can_be_neither_removed_nor_lowered()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        foreach (var level in (AccessLevel[])[AccessLevel.None, AccessLevel.Read, AccessLevel.Write])
            await Assert.ThrowsAsync<LastAdminException>(() => alice.SetAccessAsync(alice.Me, level));
        await alice.SetAccessAsync(bob.Me, AccessLevel.Admin);
        await alice.SetAccessAsync(alice.Me, AccessLevel.None);
        await Assert.ThrowsAsync<AccessDeniedException>(() => alice.WriteTextAsync("a", "1"));
        await bob.SyncAsync();
        Assert.Equal(bob.Me, Assert.Single(await bob.GetMembersAsync()).Id);
        await Assert.ThrowsAsync<LastAdminException>(() => bob.SetAccessAsync(bob.Me, AccessLevel.Read));
        await bob.WriteTextAsync("b", "1");
    }

    [Fact]
    public async Task Two_admins_at_the_same_time_both_get_their_changes_or_are_told_of_the_other_block()
    {
        await using var store = new HookedStore(ScenarioStore.Create());
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Admin);
        using var dave = PrivateId.Create();

        await MeanwhileAsync(() => bob.SetAccessAsync(dave.Public, AccessLevel.Write));
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Read);
        Assert.Equal(4, (await alice.GetMembersAsync()).Count);

        await MeanwhileAsync(() => bob.SetAccessAsync(dave.Public, AccessLevel.Read));
        var conflict = await Assert.ThrowsAsync<VaultConflictException>(() => alice.SetAccessAsync([
            new AccessChange(dave.Public, AccessLevel.None), new AccessChange(team.Carol.Public, AccessLevel.Write)]));
        Assert.Equal((bob.Me, 5), (conflict.Author, conflict.Height));
        Assert.Equal(AccessLevel.Read, (await alice.GetMembersAsync()).Single(member => member.Id == team.Carol.Public).Access);

        async Task MeanwhileAsync(Func<Task> what)
        {
            await bob.SyncAsync();
            store.BeforeNext(LedgerKeys, what);
        }
    }

    [Fact]
    public async Task A_stale_grant_is_no_way_back()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        using var admins = await Forger.BeginAsync(team, team.Alice);
        var tip = admins.Chain.Tip;
        // What an admin signed before it knew of the removal states the level of then.
        var stale = new Block(team.Alice.Public, tip.VaultId, 4, 4, tip.Hash, 0, null, [new LevelChange(bob.Me, AccessLevel.Write, AccessLevel.Admin, 2, null, null)]);
        await team.Store.SetAsync(LedgerNames.Name("users", 4), BlockCodec.Sign(stale, team.Alice));
        await alice.SyncAsync();
        Assert.DoesNotContain(await alice.GetMembersAsync(), member => member.Id == bob.Me);
        Assert.Equal(alice.Me, Assert.Single(alice.Findings(FindingKind.Claim)).Member);
    }
}
