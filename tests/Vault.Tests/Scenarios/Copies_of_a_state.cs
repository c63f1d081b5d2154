using Coffer.Stores;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Backups that were put back, machines that were cloned, and processes that share an index.</summary>
public sealed class Copies_of_a_state
{
    [Fact]
    public async Task A_copy_and_its_original_both_go_on_without_a_false_alarm()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("0", "1");
        await team.CloseAsync(alice);
        var copied = Copy(team, index);

        alice = await team.OpenAsync(team.Alice, index);
        await alice.WriteTextAsync("1", "1");
        await alice.WriteTextAsync("2", "1");
        var copy = await team.OpenAsync(team.Alice, copied);
        await copy.WriteTextAsync("3", "1");
        await alice.WriteTextAsync("4", "1");
        await copy.WriteTextAsync("5", "1");
        await Task.WhenAll(alice.WriteTextAsync("6", "1"), copy.WriteTextAsync("7", "1"));
        foreach (var device in (Vault[])[alice, copy, await team.OpenAsync(team.Alice)])
        {
            Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7"], await device.AllAsync());
            Assert.Empty(device.GetFindings());
        }
    }

    [Fact]
    public async Task An_older_backup_takes_up_where_the_store_is()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("0", "1");
        await team.CloseAsync(alice);
        var backup = Copy(team, index);
        alice = await team.OpenAsync(team.Alice, index);
        await alice.WriteTextAsync("1", "1");
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await alice.RotateKeyAsync();
        await alice.WriteTextAsync("2", "1");
        await team.CloseAsync(alice);

        var back = await team.OpenAsync(team.Alice, backup);
        await back.WriteTextAsync("3", "1");
        Assert.Equal(["0", "1", "2", "3"], await (await team.OpenAsync(team.Bob)).AllAsync());
        Assert.Single((await team.Store.KeysAsync(CommitKeys)).Select(static key => key[..^13]).Distinct());
        Assert.Empty(back.GetFindings());
    }

    [Fact]
    public async Task A_position_that_was_taken_before_an_older_copy_came_back_misses_nothing_whichever_numbers_the_changes_have_there()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("first", "1");
        await alice.GetPositionAsync();
        await team.CloseAsync(alice);
        var backup = Copy(team, index);
        alice = await team.OpenAsync(team.Alice, index);
        await bob.WriteTextAsync("second", "1");
        await alice.SyncAsync();
        var position = (await alice.GetPositionAsync()).ToString();
        await team.CloseAsync(alice);

        // What they wrote comes in the order of their random ids, and so "second" has another number there, most likely.
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 8; i++)
        {
            var device = await team.OpenAsync(team.Bob);
            await device.WriteTextAsync($"later {i}", "1");
            paths.Add($"later {i}");
        }
        var back = await team.OpenAsync(team.Alice, backup);
        await back.SyncAsync();
        var since = ChangePosition.Parse(position);
        Assert.Equal(paths, await back.NamesAsync("", new ListFilesOptions { Since = since }));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var change in back.WatchAsync(since, end.Token))
        {
            Assert.True(paths.Remove(change.Version.Path));
            if (paths.Count == 0)
                break;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_that_was_killed_while_it_sent_a_commit_finishes_it_when_it_is_back(bool arrived)
    {
        var store = new HookedStore(new MemoryStore("team"));
        await using var team = new Team(store);
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("0", "1");
        var killed = "";
        store.BeforePut = key =>
        {
            if (!key.StartsWith(CommitKeys, StringComparison.Ordinal))
                return Task.CompletedTask;
            killed = Copy(team, index);
            store.BeforePut = static _ => Task.CompletedTask;
            return arrived ? Task.CompletedTask : throw new StoreException(StoreErrorKind.PermissionDenied, "It was killed before.");
        };
        if (arrived)
            await alice.WriteTextAsync("in flight", "1");
        else
            await Assert.ThrowsAsync<StoreException>(() => alice.WriteTextAsync("in flight", "1"));
        await team.CloseAsync(alice);

        alice = await team.OpenAsync(team.Alice, killed);
        await alice.WriteTextAsync("next", "1");
        Assert.Equal(["0", "in flight", "next"], await alice.AllAsync());
        Assert.Single(await alice.GetVersionsAsync("in flight"));
        Assert.Single((await store.KeysAsync(CommitKeys)).Select(static key => key[..^13]).Distinct());
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task What_was_in_flight_when_the_key_changed_is_told_and_not_sent_under_the_old_key()
    {
        var store = new HookedStore(new MemoryStore("team"));
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var index = team.NewIndex();
        var bob = await team.OpenAsync(team.Bob, index);
        var killed = "";
        store.BeforePut = key =>
        {
            if (!key.StartsWith(CommitKeys, StringComparison.Ordinal))
                return Task.CompletedTask;
            killed = Copy(team, index);
            store.BeforePut = static _ => Task.CompletedTask;
            throw new StoreException(StoreErrorKind.PermissionDenied, "It was killed before.");
        };
        await Assert.ThrowsAsync<StoreException>(() => bob.WriteTextAsync("in flight", "1"));
        await team.CloseAsync(bob);
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Read);
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.None);

        bob = await team.OpenAsync(team.Bob, killed);
        await bob.WriteTextAsync("next", "1");
        Assert.Equal(["next"], await alice.AllAsync());
        Assert.Contains("in flight", Assert.Single(bob.Findings(FindingKind.Refused)).Message, StringComparison.Ordinal);
        using var forger = await Forger.BeginAsync(team, team.Alice);
        Assert.Equal(2, (await forger.OpenAsync(Assert.Single(await store.KeysAsync(CommitKeys)))).Header.Epoch);
    }

    [Fact]
    public async Task A_copy_on_another_machine_takes_a_new_writer()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteTextAsync("0", "1");
        await team.CloseAsync(alice);
        await using var elsewhere = await Vault.OpenAsync(team.Store, team.Alice, new VaultOpenOptions
        {
            IndexPath = Copy(team, index),
            Creator = team.Alice.Public,
            SyncCooldown = TimeSpan.Zero,
            Environment = new VaultEnvironment { Machine = "another" },
        });
        await elsewhere.WriteTextAsync("1", "1");
        Assert.Equal(2, (await team.Store.KeysAsync(CommitKeys)).Select(static key => key[..^13]).Distinct().Count());
    }

    [Fact]
    public async Task Several_openings_of_one_index_take_a_writer_each_and_a_later_one_takes_what_is_free()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var first = await team.CreateAsync(index: index);
        var others = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => team.OpenAsync(team.Alice, index))));
        Vault[] all = [first, .. others];
        await Task.WhenAll(all.SelectMany((vault, number) => Enumerable.Range(0, 10).Select(i => Task.Run(() => vault.WriteTextAsync($"{number}/{i}", "1")))));
        Assert.Equal(4, (await WritersAsync(team)).Length);
        foreach (var vault in all)
            Assert.Equal(40, (await vault.AllAsync()).Length);
        foreach (var vault in all)
            await team.CloseAsync(vault);
        var last = await team.OpenAsync(team.Alice, index);
        await last.WriteTextAsync("last", "1");
        Assert.Equal(4, (await WritersAsync(team)).Length);
        Assert.Equal(41, (await (await team.OpenAsync(team.Alice)).AllAsync()).Length);
        Assert.Empty(last.GetFindings());
    }

    [Fact]
    public async Task Several_first_openings_of_one_index_at_the_same_time_all_succeed()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var index = team.NewIndex();
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => team.OpenAsync(team.Bob, index))));
        await Task.WhenAll(all.Select(static (vault, number) => vault.WriteTextAsync($"{number}", "1")));
        Assert.Equal(6, (await alice.AllAsync()).Length);
    }

    [Fact]
    public async Task Who_shares_an_index_sees_what_another_opening_of_it_learned()
    {
        await using var team = new Team() { Cooldown = TimeSpan.Zero };
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var index = team.NewIndex();
        var one = await team.OpenAsync(team.Bob, index);
        var two = await team.OpenAsync(team.Bob, index);
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Write);
        await one.SyncAsync();
        Assert.Equal(3, (await two.GetMembersAsync()).Count);
        await alice.WriteTextAsync("a", "1");
        await one.RebuildIndexAsync();
        Assert.Equal(["a"], await two.NamesAsync());
        await two.WriteTextAsync("b", "1");
        Assert.Equal(["a", "b"], await one.AllAsync());
    }

    [Fact]
    public async Task An_index_is_rebuilt_while_it_is_read_and_written()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 200).Select(static i => new FileWrite($"old/{i}", TextFiles.Content($"{i}")))]);
        using var end = new CancellationTokenSource();
        var reads = Enumerable.Range(0, 3).Select(reader => Task.Run(async () =>
        {
            for (var i = reader; !end.IsCancellationRequested; i = (i + 7) % 200)
            {
                Assert.Equal($"{i}", System.Text.Encoding.UTF8.GetString(await alice.ReadBytesAsync($"old/{i}")));
                Assert.NotNull(await alice.StatAsync($"old/{i}"));
            }
        })).ToArray();
        var writes = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
                await alice.WriteTextAsync($"new/{i}", "1");
        });
        for (var i = 0; i < 4; i++)
            await alice.RebuildIndexAsync();
        await writes;
        await end.CancelAsync();
        await Task.WhenAll(reads);
        Assert.Equal(260, (await alice.AllAsync()).Length);
        Assert.Empty(alice.GetFindings());
    }

    [Theory]
    [InlineData("on another machine")]
    [InlineData("restored here")]
    [InlineData("open all the time")]
    public async Task A_copy_whose_writer_has_gone_on_and_was_packed_since_goes_on_beside_its_original_without_a_false_alarm(string copy)
    {
        var time = new JumpingTime();
        await using var team = new Team(time: time) { Cooldown = TimeSpan.FromDays(30) };
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        await WriteAsync(alice, "early");
        await team.CloseAsync(alice);
        var copied = Copy(team, index);
        var other = copy == "open all the time" ? await OpenCopyAsync() : null;
        alice = await team.OpenAsync(team.Alice, index);
        await WriteAsync(alice, "packed");
        time.Jump(TimeSpan.FromDays(2));
        Assert.Equal(1, (await alice.HousekeepAsync()).PacksMade);
        time.Jump(TimeSpan.FromHours(2));
        Assert.Equal(names.Count, (await alice.HousekeepAsync()).CommitsDeleted);
        Assert.Empty(await team.Store.KeysAsync(CommitKeys));

        // What this copy knows of its own writer ends before what is only in a pack now.
        await using var back = other ?? await OpenCopyAsync();
        await Task.WhenAll(WriteAsync(back, "copy"), WriteAsync(alice, "original"));
        await RequireAllAsync();

        time.Jump(TimeSpan.FromDays(2));
        await back.HousekeepAsync();
        time.Jump(TimeSpan.FromHours(2));
        await alice.HousekeepAsync();
        Assert.Empty(await team.Store.KeysAsync(CommitKeys));
        await back.RebuildIndexAsync();
        await WriteAsync(back, "again");
        await RequireAllAsync();

        Task<Vault> OpenCopyAsync() => Vault.OpenAsync(team.Store, team.Alice, new VaultOpenOptions
        {
            IndexPath = copied,
            Creator = team.Alice.Public,
            SyncCooldown = team.Cooldown,
            Environment = team.Environment with { Machine = copy == "on another machine" ? "another" : team.Environment.Machine },
        });

        async Task WriteAsync(Vault vault, string name)
        {
            for (var i = 0; i < 5; i++)
            {
                await vault.WriteTextAsync($"{name}/{i}", $"{name} {i}");
                lock (names)
                    names.Add($"{name}/{i}");
            }
        }

        async Task RequireAllAsync()
        {
            foreach (var vault in (Vault[])[alice, back, await team.OpenAsync(team.Alice)])
            {
                Assert.Equal(names, await vault.AllAsync());
                foreach (var name in names)
                    Assert.Equal(name.Replace('/', ' '), await vault.ReadTextAsync(name));
                Assert.Equal(names.Count, (await vault.GetStatusAsync()).Versions);
                Assert.Empty(vault.GetFindings());
            }
        }
    }

    private static async Task<string[]> WritersAsync(Team team) => [.. (await team.Store.KeysAsync(CommitKeys)).Select(static key => key[..^13]).Distinct()];

    /// <summary>Copies the local files as they are, and gives the path of the copy.</summary>
    private static string Copy(Team team, string index)
    {
        var copied = team.NewIndex();
        Directory.CreateDirectory(Path.GetDirectoryName(copied)!);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(index)!))
            File.Copy(file, Path.Combine(Path.GetDirectoryName(copied)!, Path.GetFileName(file)));
        return copied;
    }
}
