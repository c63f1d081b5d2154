using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Stores and disks that can be read, and not written.</summary>
public sealed class Read_only_places
{
    private static readonly WriteOptions Async = new() { Mode = WriteMode.Async };

    /// <summary>A store that gives what it has and takes nothing, as credentials do that may only read.</summary>
    private static IDisposable Refuse(FaultyStore store) => new All(
        store.Inject(new Fault { Operation = StoreOperation.Put, Kind = StoreErrorKind.PermissionDenied, Times = int.MaxValue }),
        store.Inject(new Fault { Operation = StoreOperation.Delete, Kind = StoreErrorKind.PermissionDenied, Times = int.MaxValue }));

    [Fact]
    public async Task On_a_store_that_takes_nothing_all_can_be_read_by_who_has_an_index_and_by_who_has_none_and_a_write_says_why_not()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, new JumpingTime());
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await alice.WriteTextAsync("small", "text");
        await alice.WriteAsync("large", Bytes(200_000));
        using var refused = Refuse(store);
        var bob = await team.OpenAsync(team.Bob);
        foreach (var vault in (Vault[])[alice, bob, await team.OpenAsync(team.Alice, index)])
        {
            Assert.Equal(["large", "small"], await vault.AllAsync());
            Assert.Equal("text", await vault.ReadTextAsync("small"));
            Assert.Equal(200_000, (await vault.ReadBytesAsync("large")).Length);
            foreach (var write in (Func<Task>[])
            [
                () => vault.WriteTextAsync("new", "text"),
                () => vault.WriteAsync("new", Bytes(200_000)),
                () => vault.DeleteAsync("small"),
            ])
            {
                var fault = await Assert.ThrowsAsync<StoreException>(write);
                Assert.Equal(StoreErrorKind.PermissionDenied, fault.Kind);
            }
            await vault.RebuildIndexAsync();
            Assert.Equal(["large", "small"], await vault.AllAsync());
            Assert.Empty(vault.GetFindings());
        }
        Assert.Equal(StoreErrorKind.PermissionDenied, (await Assert.ThrowsAsync<StoreException>(() => alice.SetAccessAsync(team.Carol.Public, AccessLevel.Read))).Kind);
        Assert.Null((await alice.HousekeepAsync()).NothingDeletedBecause);

        // What was refused is not in flight: the same devices go on when the store takes something again.
        refused.Dispose();
        await alice.WriteTextAsync("new", "of alice");
        await bob.DeleteAsync("small");
        Assert.Equal(["large", "new"], await (await team.OpenAsync(team.Alice)).AllAsync());
        Assert.Empty(alice.GetFindings());
        Assert.Empty(bob.GetFindings());
    }

    [Fact]
    public async Task What_is_accepted_while_the_store_takes_nothing_waits_says_why_and_arrives_when_it_does()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, new JumpingTime());
        var alice = await team.CreateAsync();
        using (Refuse(store))
        {
            await alice.WriteTextAsync("small", "text", Async);
            await alice.WriteAsync("large", Bytes(200_000), Async);
            while ((await alice.GetPendingAsync()).Any(static write => write.Error is null))
                await Task.Delay(5);
            Assert.All(await alice.GetPendingAsync(), static write => Assert.Null(write.Refusal));
            Assert.Empty(await alice.AllAsync());
        }
        await alice.WaitFilesAsync();
        Assert.Equal(["large", "small"], await alice.AllAsync());
        Assert.Equal(2, (await alice.GetStatusAsync()).Versions);
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task A_local_store_on_a_disk_that_can_only_be_read_is_read()
    {
        var folder = Directory.CreateTempSubdirectory("coffer-ro-").FullName;
        try
        {
            await using var disk = await SmallDisk.MountAsync(folder, "8m");
            var url = $"file://{folder}/store?fsync=false";
            await using var store = ScenarioStore.Open(url);
            await using var team = new Team(store);
            var alice = await team.CreateAsync();
            await alice.WriteTextAsync("small", "text");
            await alice.WriteAsync("large", Bytes(200_000));
            await disk.RemountReadOnlyAsync();

            await using var reading = ScenarioStore.Open(url);
            foreach (var vault in (Vault[])[alice, await team.OpenAsync(team.Alice, store: reading)])
            {
                Assert.Equal(["large", "small"], await vault.AllAsync());
                Assert.Equal(200_000, (await vault.ReadBytesAsync("large")).Length);
                var fault = await Assert.ThrowsAsync<StoreException>(() => vault.WriteTextAsync("new", "text"));
                Assert.Equal(StoreErrorKind.PermissionDenied, fault.Kind);
                Assert.Contains("read-only", fault.Message, StringComparison.Ordinal);
                Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
            }
            await disk.RemountForWritingAsync();
            await alice.WriteTextAsync("new", "text");
            Assert.Equal(["large", "new", "small"], await alice.AllAsync());
            Assert.Empty(alice.GetFindings());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_index_that_can_only_be_read_is_not_opened_and_the_error_names_it_and_what_to_do(bool isThere)
    {
        await using var team = new Team();
        var folder = Path.Combine(team.Folder, "small");
        await using var disk = await SmallDisk.MountAsync(folder, "8m");
        var index = Path.Combine(folder, "team.db");
        var alice = await team.CreateAsync(index: isThere ? index : null);
        await alice.WriteTextAsync("a", "text");
        await team.CloseAsync(alice);
        await disk.RemountReadOnlyAsync();
        var fault = await Assert.ThrowsAsync<VaultException>(() => team.OpenAsync(team.Alice, index));
        Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be opened. See whether their folder is there and can be written", fault.Message, StringComparison.Ordinal);

        await disk.RemountForWritingAsync();
        alice = await team.OpenAsync(team.Alice, index);
        Assert.Equal(["a"], await alice.AllAsync());
        Assert.Empty(alice.GetFindings());
    }

    private sealed class All(params IDisposable[] faults) : IDisposable
    {
        public void Dispose()
        {
            foreach (var fault in faults)
                fault.Dispose();
        }
    }
}
