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
        await using var bob = await Vault.OpenAsync(team.Store, team.Bob, new VaultOpenOptions
        {
            IndexPath = team.NewIndex(),
            Creator = alice.Me,
            SyncCooldown = TimeSpan.Zero,
            Environment = new VaultEnvironment { Time = ahead },
        });
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
        for (var i = 0; i < 5; i++)
            await alice.WriteTextAsync("a", $"{i}", forADay);
        await alice.WriteTextAsync("b", "for ever");
        Assert.Equal(["a", "b", "unseen"], await bob.AllAsync());
        Assert.Equal("for a day", await bob.ReadTextAsync("unseen"));
        for (var round = 0; round < 4; round++)
        {
            time.Jump(TimeSpan.FromDays(3));
            await alice.HousekeepAsync(new HousekeepOptions { Bodies = true });
        }
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
}
