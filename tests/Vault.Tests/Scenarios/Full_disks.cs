using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Tests.Crashes;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Disks without room under what a device keeps, and under a store. These tests need the right to mount.</summary>
public sealed class Full_disks
{
    private const int FilesOfBatch = 5;

    private static readonly WriteOptions Async = new() { Mode = WriteMode.Async };

    [Fact]
    public async Task Where_ever_a_write_meets_the_full_disk_of_its_device_nothing_acknowledged_is_lost_and_the_open_vault_goes_on()
    {
        await using var team = new Team { Cooldown = TimeSpan.FromHours(1) };
        var folder = Path.Combine(team.Folder, "small");
        await using var disk = await SmallDisk.MountAsync(folder, "24m");
        var index = Path.Combine(folder, "team.db");
        var alice = await team.CreateAsync(index: index);
        var peer = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        var acknowledged = new List<string>();
        var refused = 0;
        for (var step = 0; step < 40; step++)
        {
            disk.Fill(leave: step * 4096);
            var meets = false;
            for (var i = 0; !meets && i < 200; i++)
            {
                var unit = $"{step}/{i}";
                try
                {
                    await alice.WriteManyAsync([.. Enumerable.Range(0, FilesOfBatch).Select(file => new FileWrite($"{unit}/{file}", Content($"{unit}/{file}")))]);
                    acknowledged.Add(unit);
                }
                catch (VaultException fault)
                {
                    Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
                    Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
                    meets = true;
                }
            }
            Assert.True(meets, "The disk was never full.");
            refused++;
            // What is in the index can be read without room.
            if (acknowledged.Count > 0)
                Assert.Equal($"{acknowledged[^1]}/0", System.Text.Encoding.UTF8.GetString(await alice.ReadBytesAsync($"{acknowledged[^1]}/0")));
            disk.MakeRoom();
            await alice.WriteTextAsync($"after/{step}", "text");
        }
        await peer.SyncAsync();
        foreach (var unit in acknowledged)
        {
            for (var file = 0; file < FilesOfBatch; file++)
                Assert.Equal($"{unit}/{file}", System.Text.Encoding.UTF8.GetString(await peer.ReadBytesAsync($"{unit}/{file}")));
        }
        var all = await peer.AllAsync();
        Assert.All(all.Where(static path => !path.StartsWith("after/", StringComparison.Ordinal)).GroupBy(static path => path[..path.LastIndexOf('/')]), static unit => Assert.Equal(FilesOfBatch, unit.Count()));
        Assert.Equal(refused, all.Count(static path => path.StartsWith("after/", StringComparison.Ordinal)));
        Assert.Equal(all, await alice.AllAsync());
        Assert.Empty(alice.GetFindings());
        Assert.Empty(peer.GetFindings());
        await team.CloseAsync(alice);
        LocalFiles.RequireWhole(index);
    }

    [Fact]
    public async Task A_sync_that_meets_a_full_disk_says_so_and_brings_everything_once_there_is_room()
    {
        await using var team = new Team { Cooldown = TimeSpan.FromHours(1) };
        var folder = Path.Combine(team.Folder, "small");
        await using var disk = await SmallDisk.MountAsync(folder, "24m");
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await alice.WriteTextAsync("early", "text");
        var index = Path.Combine(folder, "team.db");
        var bob = await team.OpenAsync(team.Bob, index);
        for (var round = 0; round < 5; round++)
        {
            await alice.WriteManyAsync([.. Enumerable.Range(0, 500).Select(i => new FileWrite($"{round}/{i}", Content($"{round}/{i}")))]);
            disk.Fill(leave: round * 40_000);
            var fault = await Assert.ThrowsAsync<VaultException>(() => bob.SyncAsync());
            Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
            Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
            // As it was before, and neither half of what is new.
            Assert.Equal("text", System.Text.Encoding.UTF8.GetString(await bob.ReadBytesAsync("early")));
            Assert.Equal(1 + (500 * round), (await bob.NamesAsync("", new ListFilesOptions { Recursive = true })).Length);
            disk.MakeRoom();
            await bob.SyncAsync();
            Assert.Equal($"{round}/499", System.Text.Encoding.UTF8.GetString(await bob.ReadBytesAsync($"{round}/499")));
        }
        Assert.Equal(await alice.AllAsync(), await bob.AllAsync());
        Assert.Empty(bob.GetFindings());
        await team.CloseAsync(bob);
        LocalFiles.RequireWhole(index);
    }

    [Fact]
    public async Task A_rebuild_that_meets_a_full_disk_leaves_the_index_that_there_was_and_the_room_that_it_took()
    {
        await using var team = new Team { Cooldown = TimeSpan.FromHours(1) };
        var folder = Path.Combine(team.Folder, "small");
        await using var disk = await SmallDisk.MountAsync(folder, "24m");
        var index = Path.Combine(folder, "team.db");
        var alice = await team.CreateAsync(index: index);
        await alice.WriteManyAsync([.. Enumerable.Range(0, 1_000).Select(static i => new FileWrite($"{i}", Content($"{i}")))]);
        for (var step = 0; step < 20; step++)
        {
            disk.Fill(leave: step * 10_000);
            var fault = await Assert.ThrowsAsync<VaultException>(() => alice.RebuildIndexAsync());
            Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
            Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(new LocalPaths(index).Index(2)));
            Assert.Equal(1_000 + step, (await alice.NamesAsync("", new ListFilesOptions { Recursive = true })).Length);
            disk.MakeRoom();
            disk.Fill(leave: 400_000);
            await alice.WriteTextAsync($"after/{step}", "text");
            disk.MakeRoom();
        }
        await alice.RebuildIndexAsync();
        Assert.Equal(1_020, (await alice.AllAsync()).Length);
        Assert.Empty(alice.GetFindings());
        await team.CloseAsync(alice);
        LocalFiles.RequireWhole(index);
    }

    [Fact]
    public async Task An_index_that_is_found_damaged_while_the_disk_is_full_comes_back_once_there_is_room()
    {
        await using var team = new Team();
        var folder = Path.Combine(team.Folder, "small");
        await using var disk = await SmallDisk.MountAsync(folder, "24m");
        var index = Path.Combine(folder, "team.db");
        var alice = await team.CreateAsync(index: index);
        await alice.WriteManyAsync([.. Enumerable.Range(0, 200).Select(static i => new FileWrite($"{i}", Content($"{i}")))]);
        await team.CloseAsync(alice);
        alice = await team.OpenAsync(team.Alice, index);
        await using (var damaged = new FileStream(new LocalPaths(index).Index(1), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            damaged.Position = 4096;
            damaged.Write(new byte[damaged.Length - 4096]);
        }
        await Assert.ThrowsAnyAsync<VaultException>(() =>
        {
            disk.Fill();
            return alice.WriteTextAsync("late", "text");
        });
        for (var i = 0; i < 3; i++)
        {
            // The damaged one has made some room.
            disk.Fill();
            var fault = await Assert.ThrowsAsync<VaultException>(() => alice.WriteTextAsync("late", "text"));
            Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
        }
        disk.MakeRoom();
        await alice.WriteTextAsync("late", "text");
        Assert.Equal(201, (await alice.AllAsync()).Length);
        Assert.Equal(FindingKind.LocalDamage, Assert.Single(alice.GetFindings()).Finding.Kind);
    }

    [Fact]
    public async Task An_index_that_has_no_room_is_not_opened_and_the_same_call_succeeds_once_there_is()
    {
        await using var team = new Team();
        var folder = Path.Combine(team.Folder, "small");
        await using var disk = await SmallDisk.MountAsync(folder, "4m");
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "text");
        for (var pages = 0; pages < 60; pages += 4)
        {
            disk.Fill(leave: pages * 4096);
            var index = Path.Combine(folder, $"{pages}", "team.db");
            var fault = await Assert.ThrowsAnyAsync<Exception>(() => team.OpenAsync(team.Alice, index));
            Assert.True(fault is VaultException or IOException, fault.ToString());
            Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
            disk.MakeRoom();
            var opened = await team.OpenAsync(team.Alice, index);
            Assert.Equal(["a"], await opened.AllAsync());
            Assert.Empty(opened.GetFindings());
            await team.CloseAsync(opened);
            Directory.Delete(Path.GetDirectoryName(index)!, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_accepted_before_the_disk_was_full_arrives_once_and_nothing_of_what_was_refused()
    {
        await using var team = new Team { Cooldown = TimeSpan.FromHours(1) };
        var folder = Path.Combine(team.Folder, "small");
        await using var disk = await SmallDisk.MountAsync(folder, "24m");
        var index = Path.Combine(folder, "team.db");
        var alice = await team.CreateAsync(index: index);
        var accepted = new SortedSet<string>(StringComparer.Ordinal);
        for (var step = 0; step < 20; step++)
        {
            disk.Fill(leave: step * 20_000);
            var meets = false;
            for (var i = 0; !meets && i < 200; i++)
            {
                var path = $"{step}/{i}";
                try
                {
                    await alice.WriteAsync(path, Bytes(i % 3 == 0 ? 100_000 : 3_000), Async);
                    accepted.Add(path);
                }
                catch (IOException fault)
                {
                    Assert.Contains($"'{path}' was not accepted", fault.Message, StringComparison.Ordinal);
                    Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
                    Assert.DoesNotContain((await alice.GetPendingAsync()), write => write.Path == path);
                    meets = true;
                }
            }
            Assert.True(meets, "The disk was never full.");
            disk.MakeRoom();
            // The first call tells what the queue had stopped at, if it met the full disk too.
            try
            {
                await alice.WaitFilesAsync();
            }
            catch (VaultException fault)
            {
                Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
                await alice.WaitFilesAsync();
            }
        }
        var peer = await team.OpenAsync(team.Alice);
        Assert.Equal(accepted, await peer.AllAsync());
        Assert.Equal(accepted.Count, (await peer.GetStatusAsync()).Versions);
        Assert.Empty(await alice.GetPendingAsync());
        // Of what arrived by a commit that was only found out about later, housekeeping removes what was spooled.
        await alice.HousekeepAsync();
        Assert.Empty(Directory.EnumerateFiles(Path.ChangeExtension(index, ".spool")));
        Assert.Empty(alice.GetFindings());
        await team.CloseAsync(alice);
        LocalFiles.RequireWhole(index);
    }

    [Fact]
    public async Task A_full_disk_under_a_local_store_refuses_the_write_and_the_open_vault_goes_on_once_there_is_room()
    {
        var folder = Directory.CreateTempSubdirectory("coffer-full-").FullName;
        try
        {
            await using var disk = await SmallDisk.MountAsync(folder, "64m");
            await using var store = ScenarioStore.Open($"file://{folder}/store?fsync=false");
            await using var team = new Team(store) { Cooldown = TimeSpan.FromHours(1) };
            var alice = await team.CreateAsync();
            var peer = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
            var source = Path.Combine(team.Folder, "large");
            await File.WriteAllBytesAsync(source, Pattern.Bytes(1, (34 << 20) + 17));
            var acknowledged = new SortedSet<string>(StringComparer.Ordinal);
            for (var step = 0; step < 10; step++)
            {
                disk.Fill(leave: step * 10_000);
                await RequireFullAsync(() => alice.WriteAsync("large", FileContent.FromFile(source)));
                for (var i = 0; i < 100; i++)
                {
                    var path = $"{step}/{i}";
                    if (i == 99)
                        await RequireFullAsync(() => WriteAsync(path, i));
                    try
                    {
                        await WriteAsync(path, i);
                        acknowledged.Add(path);
                    }
                    catch (StoreException)
                    {
                        break;
                    }
                }
                await peer.SyncAsync();
                Assert.Equal(acknowledged, await peer.AllAsync());
                disk.MakeRoom();
                await alice.WriteTextAsync($"after/{step}", "text");
                acknowledged.Add($"after/{step}");
            }
            await alice.WriteAsync("large", FileContent.FromFile(source));
            await peer.SyncAsync();
            Assert.Equal(Pattern.Bytes(1, (34 << 20) + 17), await peer.ReadBytesAsync("large"));
            foreach (var path in acknowledged)
                await peer.ReadBytesAsync(path);
            Assert.Empty(alice.GetFindings());
            Assert.Empty(peer.GetFindings());

            Task WriteAsync(string path, int i) => alice.WriteAsync(path, Bytes(i % 2 == 0 ? 2_000 : 9_000));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task RequireFullAsync(Func<Task> write)
        {
            var fault = await Assert.ThrowsAsync<StoreException>(write);
            Assert.Equal(StoreErrorKind.QuotaExceeded, fault.Kind);
            Assert.Contains("is full", fault.Message, StringComparison.Ordinal);
            Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
        }
    }
}
