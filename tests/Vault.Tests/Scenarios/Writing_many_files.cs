using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Writing_many_files
{
    [Fact]
    public async Task An_asynchronous_write_is_there_when_it_was_waited_for()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        for (var i = 0; i < 20; i++)
            await alice.WriteTextAsync($"{i}", $"text {i}", new WriteOptions { Mode = WriteMode.Async });
        await alice.WaitFilesAsync();
        Assert.Equal(20, (await alice.AllAsync()).Length);
        Assert.Equal("text 7", await alice.ReadTextAsync("7"));
        await alice.WaitFilesAsync();
    }

    [Fact]
    public async Task Closing_waits_for_asynchronous_writes()
    {
        await using var team = new Team(new FaultyStore(new Stores.MemoryStore("slow")));
        ((FaultyStore)team.Store).Inject(Fault.Slow(TimeSpan.FromMilliseconds(20), StoreOperation.Put));
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        await alice.WriteAsync("late", Bytes(100_000), new WriteOptions { Mode = WriteMode.Async });
        await team.CloseAsync(alice);
        Assert.Equal(["late"], await (await team.OpenAsync(team.Alice, index)).AllAsync());
    }

    [Fact]
    public async Task A_batch_becomes_visible_as_a_whole()
    {
        var store = new HookedStore(new Stores.MemoryStore("team"));
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        store.BeforePut = async _ => Assert.Empty(await bob.AllAsync());
        var versions = await alice.WriteManyAsync([.. Enumerable.Range(0, 100).Select(static i => new FileWrite($"{i}", Bytes(i * 400)))]);
        store.BeforePut = static _ => Task.CompletedTask;
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => $"{i}"), versions.Select(static version => version.Path));
        Assert.Equal(100, (await bob.AllAsync()).Length);
        Assert.Single(await store.KeysAsync(StoredObjects.CommitKeys));
        foreach (var size in (int[])[0, 1, 10, 11, 99])
            Assert.Equal(size * 400, (await bob.ReadBytesAsync($"{size}")).Length);
    }

    [Fact]
    public async Task A_batch_of_which_one_file_cannot_be_read_leaves_nothing_behind_that_is_visible()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => alice.WriteManyAsync(
            [new FileWrite("a", Bytes(10)), new FileWrite("b", FileContent.FromStream(new Bodies.TricklingStream(new byte[10], 3), length: 50_000))]));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.WriteManyAsync([new FileWrite("twice", Bytes(1)), new FileWrite("twice", Bytes(1))]));
        Assert.Empty(await alice.AllAsync());
        Assert.Empty(await team.Store.KeysAsync(StoredObjects.CommitKeys));
    }

    [Fact]
    public async Task Fifty_bodies_of_100_kilobytes_share_one_object()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 50).Select(static i => new FileWrite($"{i:d2}", Bytes(100_000, (byte)i)))]);
        Assert.Single(await team.Store.KeysAsync(StoredObjects.DataKeys));
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        for (var i = 0; i < 50; i += 7)
        {
            var content = await bob.ReadBytesAsync($"{i:d2}");
            Assert.Equal(100_000, content.Length);
            Assert.All(content.Distinct(), value => Assert.Equal((byte)i, value));
        }
        Assert.Equal([3, 3], await bob.ReadBytesAsync("03", new ReadFileOptions { Range = new ByteRange(65_535, 2) }));
    }

    [Fact]
    public async Task A_bundle_holds_only_what_ends_in_one_segment_so_that_it_dies_whole()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 20).Select(static i =>
            new FileWrite($"{i}", Bytes(50_000), new WriteOptions { Life = i % 2 == 0 ? TimeSpan.FromDays(10) : null }))]);
        Assert.Equal(2, (await team.Store.KeysAsync(StoredObjects.DataKeys)).Length);
    }

    [Fact]
    public async Task Deletes_of_a_batch_become_visible_together_or_not_at_all()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([new FileWrite("a", Bytes(1)), new FileWrite("b", Bytes(1)), new FileWrite("c", Bytes(1))]);
        await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => alice.DeleteManyAsync(["a", "nothing"]));
        Assert.Equal(["a", "b", "c"], await alice.AllAsync());
        await alice.DeleteManyAsync(["a", "b"]);
        Assert.Equal(["c"], await alice.AllAsync());
        Assert.Equal(2, (await team.Store.KeysAsync(StoredObjects.CommitKeys)).Length);
    }

    [Fact]
    public async Task Concurrent_writes_with_large_attributes_never_make_a_commit_that_is_too_large()
    {
        var store = new FaultyStore(new Stores.MemoryStore("slow"));
        await using var team = new Team(store) { Cooldown = TimeSpan.FromHours(1) };
        var alice = await team.CreateAsync();
        store.Inject(Fault.Slow(TimeSpan.FromMilliseconds(50), StoreOperation.Put));
        var attributes = new byte[64 << 10];
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => alice.WriteAsync($"{i}", Bytes(1), new WriteOptions { Attributes = attributes })));
        store.Clear();
        Assert.Equal(300, (await alice.AllAsync()).Length);
        foreach (var key in await store.KeysAsync(StoredObjects.CommitKeys))
            Assert.InRange((await store.StatAsync(StoreKey.Parse(key)))!.Size, 1, 5 << 20);
    }

    [Fact]
    public async Task A_quota_is_held_by_who_writes()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(new VaultSettings { Quota = 150_000 });
        await alice.WriteAsync("a", Bytes(100_000));
        var full = await Assert.ThrowsAsync<VaultQuotaException>(() => alice.WriteAsync("b", Bytes(100_000)));
        Assert.Equal(100_000, full.WriteBytes);
        Assert.Equal((await alice.GetStatusAsync()).AllocatedBytes, full.AllocatedBytes);
        await alice.ConfigureAsync(alice.Settings with { Quota = null });
        await alice.WriteAsync("b", Bytes(100_000));
        Assert.True((await alice.GetStatusAsync()).AllocatedBytes >= 200_000);
    }
}
