using Coffer.Stores;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Files_that_expire
{
    [Fact]
    public async Task A_version_is_gone_for_every_peer_when_its_time_has_come_and_hides_older_ones()
    {
        var time = new JumpingTime();
        await using var team = new Team(time: time);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        var first = await alice.WriteTextAsync("a", "for ever");
        var second = await alice.WriteTextAsync("a", "for an hour", new WriteOptions { Life = TimeSpan.FromHours(1) });
        Assert.Equal("for an hour", await bob.ReadTextAsync("a"));
        Assert.NotNull((await bob.StatAsync("a"))!.Expires);

        time.Jump(TimeSpan.FromHours(1));
        Assert.Null(await bob.StatAsync("a"));
        foreach (var version in (string?[])[null, first.Id, second.Id])
            await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => bob.ReadTextAsync("a", version));
        Assert.All(await bob.GetVersionsAsync("a"), static version => Assert.True(version.IsExpired));

        await bob.WriteTextAsync("a", "again");
        Assert.Equal("again", await alice.ReadTextAsync("a"));
        await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => bob.ReadTextAsync("a", first.Id));
    }

    [Fact]
    public async Task The_life_of_new_files_is_what_the_vault_says_unless_the_write_says_otherwise()
    {
        var time = new JumpingTime();
        await using var team = new Team(time: time);
        var alice = await team.CreateAsync(new VaultSettings { ContentLife = TimeSpan.FromDays(1) });
        await alice.WriteTextAsync("a", "1");
        await alice.WriteTextAsync("b", "1", new WriteOptions { Life = TimeSpan.FromDays(10) });
        time.Jump(TimeSpan.FromDays(2));
        Assert.Equal(["b"], await alice.AllAsync());
    }

    [Fact]
    public async Task A_commit_from_the_future_waits_and_moves_no_clock_until_its_time_comes()
    {
        var ahead = new JumpingTime();
        ahead.Jump(TimeSpan.FromHours(1));
        var time = new JumpingTime();
        await using var team = new Team(time: time);
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var bob = await team.OpenAsync(team.Bob, time: ahead);
        await bob.WriteTextAsync("future", "1");
        Assert.Empty(await alice.AllAsync());
        var finding = Assert.Single(alice.Findings(FindingKind.Clock));
        Assert.Equal(bob.Me, finding.Member);
        Assert.True((await alice.WriteTextAsync("now", "1")).Written < ahead.GetUtcNow() - TimeSpan.FromMinutes(30));

        time.Jump(TimeSpan.FromHours(1));
        Assert.Equal(["future", "now"], await alice.AllAsync());
    }

    [Fact]
    public async Task When_only_stubs_are_left_a_new_device_and_the_old_ones_show_the_same()
    {
        var time = new JumpingTime();
        await using var team = new Team(time: time) { Cooldown = TimeSpan.FromDays(365) };
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        var forADay = new WriteOptions { Life = TimeSpan.FromDays(1) };
        await bob.WriteTextAsync("unseen", "for ever");
        await alice.WriteTextAsync("unseen", "for a day", forADay);
        Assert.Equal("for a day", await bob.ReadTextAsync("unseen"));
        await LeaveOutAsync(alice, time);
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        await carol.SyncAsync();
        foreach (var vault in (Vault[])[alice, bob, carol])
        {
            Assert.Equal(["b", "unseen"], await vault.AllAsync());
            // Nobody who wrote for a day knew of it, and so could hide it for longer.
            Assert.Equal("for ever", await vault.ReadTextAsync("unseen"));
            Assert.Single(await vault.GetVersionsAsync("unseen"));
            Assert.Empty(await vault.GetVersionsAsync("a"));
            Assert.Equal((2, 2), ((await vault.GetStatusAsync()).Files, (await vault.GetStatusAsync()).Versions));
            Assert.Empty(vault.GetFindings());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_whose_clock_is_behind_waits_for_the_end_of_what_was_left_out_and_blames_nobody(bool tellsTime)
    {
        var time = new JumpingTime();
        await using var team = new Team(new MemoryStore("team", time), time);
        await LeaveOutAsync(await team.CreateAsync(), time);
        var behind = new SetClock(time) { Ahead = TimeSpan.FromDays(-12) };
        var late = await team.OpenAsync(team.Alice, store: new HookedStore(team.Store) { TellsTime = tellsTime }, time: behind);

        Assert.Empty(late.Findings(FindingKind.Absence));
        Assert.Contains(late.Findings(FindingKind.Clock), static finding => finding.Message.Contains("left out of a pack", StringComparison.Ordinal));
        behind.Ahead = TimeSpan.Zero;
        await late.SyncAsync();

        Assert.Equal(["b"], await late.AllAsync());
        Assert.Empty(late.Findings(FindingKind.Absence));
        Assert.True((await late.HousekeepAsync(new HousekeepOptions { Bodies = true })).NothingDeletedBecause is null);
    }

    [Fact]
    public async Task What_was_left_out_before_its_end_by_both_clocks_is_an_absence()
    {
        var time = new JumpingTime();
        await using var team = new Team(new MemoryStore("team", time), time);
        await LeaveOutAsync(await team.CreateAsync(), time);
        time.Jump(TimeSpan.FromDays(-12));

        var late = await team.OpenAsync(team.Alice);

        Assert.NotEmpty(late.Findings(FindingKind.Absence));
    }

    /// <summary>Lets what lived for a day come into four packs, and leave no more than stubs when they become one.</summary>
    private static async Task LeaveOutAsync(Vault vault, JumpingTime time)
    {
        HousekeepingReport? report = null;
        for (var i = 0; i < 16; i++)
        {
            await vault.WriteTextAsync("a", $"{i}", new WriteOptions { Life = TimeSpan.FromDays(1) });
            if (i % 4 < 3)
                continue;
            time.Jump(TimeSpan.FromDays(2));
            report = await vault.HousekeepAsync();
        }
        Assert.Equal((1, 1), (report?.PacksMade, report?.PacksMerged));
        await vault.WriteTextAsync("b", "for ever");
        time.Jump(TimeSpan.FromDays(2));
        Assert.Equal(4, (await vault.HousekeepAsync(new HousekeepOptions { Bodies = true })).PacksDeleted);
    }
}
