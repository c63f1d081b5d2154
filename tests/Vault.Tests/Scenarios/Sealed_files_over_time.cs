using Xunit;
using static Coffer.Vaults.Tests.Scenarios.Seals;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Sealed files on other devices, in listings and changes, when they expire, and when their author was away.</summary>
public sealed class Sealed_files_over_time
{
    [Fact]
    public async Task An_asynchronous_write_is_sealed_as_any_other()
    {
        await using var team = new Team();
        var (alice, bob, _) = await ThreeAsync(team);
        var accepted = await alice.WriteTextAsync("a", "1", To(bob) with { Mode = WriteMode.Async });
        Assert.Equal(Between(alice, bob), accepted.Seal);
        await Assert.ThrowsAsync<RecipientCannotReadException>(
            () => alice.WriteTextAsync("b", "1", new WriteOptions { Recipient = team.NewPerson().Public, Mode = WriteMode.Async }));
        await alice.WaitFilesAsync();
        Assert.Equal(["a"], await bob.AllAsync());
        Assert.Equal("1", await ReadAsync(bob, "a", Between(alice, bob)));
    }

    [Fact]
    public async Task They_expire_within_their_own_versions()
    {
        var time = new JumpingTime();
        await using var team = new Team(time: time);
        var (alice, bob, _) = await ThreeAsync(team);
        var seal = Between(alice, bob);
        await alice.WriteTextAsync("a", "plain");
        var old = await alice.WriteTextAsync("a", "1", To(bob));
        await alice.WriteTextAsync("a", "2", To(bob) with { Life = TimeSpan.FromHours(1) });
        time.Jump(TimeSpan.FromHours(2));
        await bob.SyncAsync();
        Assert.Equal([true, true], (await bob.GetVersionsAsync("a", seal)).Select(static version => version.IsExpired));
        Assert.Null(await bob.StatAsync("a", seal));
        await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => ReadAsync(bob, "a", seal, old.Id));
        Assert.Equal("plain", await bob.ReadTextAsync("a"));
        Assert.Null(Assert.Single(await ListAsync(bob)).File!.Seal);
    }

    [Fact]
    public async Task Who_joins_later_or_rebuilds_or_has_a_second_device_sees_them()
    {
        await using var team = new Team();
        var (alice, bob, carol) = await ThreeAsync(team);
        await alice.WriteTextAsync("a", "1", To(bob));
        await alice.WriteTextAsync("b", "2", To(carol));
        await alice.RebuildIndexAsync();
        await bob.RebuildIndexAsync();
        foreach (var vault in (Vault[])[bob, await team.OpenAsync(team.Bob)])
        {
            Assert.Equal(["a"], await vault.AllAsync());
            Assert.Equal("1", await ReadAsync(vault, "a", Between(alice, bob)));
        }
        foreach (var vault in (Vault[])[alice, await team.OpenAsync(team.Alice)])
        {
            Assert.Equal(["a", "b"], await vault.AllAsync());
            Assert.Equal("2", await ReadAsync(vault, "b", Between(alice, carol)));
        }
        Assert.Empty(await (await team.JoinAsync(alice, team.NewPerson(), AccessLevel.Read)).AllAsync());
    }

    [Fact]
    public async Task The_changes_tell_them_with_their_seal_to_those_who_read_them()
    {
        await using var team = new Team();
        var (alice, bob, _) = await ThreeAsync(team);
        var position = await bob.GetPositionAsync();
        await alice.WriteTextAsync("a", "sealed", To(bob));
        await alice.WriteTextAsync("a", "plain");
        await alice.DeleteAsync("a", Between(alice, bob));
        var changes = new List<FileChange>();
        await foreach (var change in bob.WatchAsync(position))
        {
            changes.Add(change);
            if (changes.Count == 3)
                break;
        }
        Assert.Equal([Between(alice, bob), null, Between(alice, bob)], changes.Select(static change => change.Version.Seal));
        Assert.Equal([false, true, true], changes.Select(static change => change.IsNewest));
        await alice.WriteTextAsync("a", "sealed again", To(bob));
        await bob.SyncAsync();
        Assert.Equal(["a"], await bob.NamesAsync("", new ListFilesOptions { Since = changes[^1].Position }));
        await bob.RebuildIndexAsync();
        Assert.Equal(Between(alice, bob), Assert.Single(await ListAsync(bob, "", new ListFilesOptions { Since = changes[^1].Position })).File!.Seal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Pages_give_every_entry_of_a_path_once(int limit)
    {
        await using var team = new Team();
        var (alice, bob, carol) = await ThreeAsync(team);
        foreach (var folder in (string[])["", "f/"])
        {
            foreach (var path in (string[])["a", "b", "b-", "c"])
            {
                foreach (var sender in (Vault[])[alice, carol])
                    await sender.WriteTextAsync(folder + path, path, To(bob));
            }
            await alice.WriteTextAsync(folder + "b", "b");
        }
        await bob.SyncAsync();
        foreach (var recursive in (bool[])[true, false])
        {
            var options = new ListFilesOptions { Recursive = recursive };
            var all = await ListAsync(bob, "", options);
            Assert.Equal(recursive ? 18 : 10, all.Length);
            Assert.Equal(all, all.OrderBy(static entry => entry.Path, StringComparer.Ordinal).ThenBy(static entry => entry.File?.Seal is null ? null : entry.File.Seal.Sender));
            var paged = new List<FolderEntry>();
            while (await ListAsync(bob, "", options with { After = paged.LastOrDefault()?.Position, Limit = limit }) is { Length: > 0 } page)
                paged.AddRange(page);
            Assert.Equal(all.Select(static entry => entry.Position), paged.Select(static entry => entry.Position));
        }
        Assert.Equal("b", (await ListAsync(bob, "", new ListFilesOptions { After = "b", Limit = 1 }))[0].Path);
        foreach (var wrong in (string[])["b\0", "b\0x\0y", $"b\0{alice.Me}", $"b\0{alice.Me}\0{bob.Me}\0"])
            await Assert.ThrowsAsync<ArgumentException>(() => ListAsync(bob, "", new ListFilesOptions { After = wrong }));
    }

    [Fact]
    public async Task What_a_cut_off_took_is_sealed_again_with_its_ids_when_its_author_may_write_again()
    {
        await using var team = new Team();
        var (alice, _, carol) = await ThreeAsync(team);
        var bob = await team.OpenAsync(team.Bob, cooldown: TimeSpan.FromHours(1));
        var seal = Between(bob, carol);
        await bob.WriteTextAsync("early", "1", To(carol));
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        // This device has not looked since, so it still believes that it may.
        var late = await bob.WriteTextAsync("late", "text", To(carol));
        await bob.WriteAsync("late, large", Bytes(100_000), To(carol));
        await bob.DeleteAsync("early", seal);
        Assert.Equal(["early"], await carol.AllAsync());

        await alice.SetAccessAsync(bob.Me, AccessLevel.Write);
        await bob.SyncAsync();
        foreach (var peer in (Vault[])[carol, bob, await team.OpenAsync(team.Carol), await team.OpenAsync(team.Bob)])
        {
            Assert.Equal(["late", "late, large"], await peer.AllAsync());
            Assert.Equal("text", await ReadAsync(peer, "late", seal));
            Assert.Equal(100_000, (await peer.ReadBytesAsync("late, large", new ReadFileOptions { Seal = seal })).Length);
            Assert.Equal([late.Id], (await peer.GetVersionsAsync("late", seal)).Select(static version => version.Id));
            Assert.Equal(2, (await peer.GetVersionsAsync("early", seal)).Count);
        }
        Assert.Empty(await alice.AllAsync());
    }
}
