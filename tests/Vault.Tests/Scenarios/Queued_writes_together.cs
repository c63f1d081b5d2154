using System.Globalization;
using Coffer.Stores;
using Coffer.Testing;
using Coffer.Vaults.Databases;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>What waits in the queue goes together, as far as it can, and none suffers from another.</summary>
public sealed class Queued_writes_together
{
    private static readonly WriteOptions Async = new() { Mode = WriteMode.Async };
    private static readonly QueueOptions OnlyAccepts = new() { Sends = false };

    [Theory]
    [InlineData(4)]
    [InlineData(1_000)]
    [InlineData(4_096)]
    [InlineData(10_000)]
    public async Task A_thousand_small_writes_that_wait_are_ten_puts_or_fewer_on_a_store_that_takes_no_time(int size)
    {
        var store = new HookedStore(new MemoryStore("team"));
        await using var team = new Team(store) { Cooldown = TimeSpan.FromHours(1) };
        var alice = await team.CreateAsync(queue: OnlyAccepts);
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => alice.WriteAsync(Text(i), Bytes(size, (byte)i), Async)));
        var before = store.Puts.Count;
        await alice.WaitFilesAsync();
        Assert.InRange(store.Puts.Skip(before).Count(static key => key != "users/changed"), 1, 10);
        Assert.Equal(1_000, (await alice.GetStatusAsync()).Files);
        Assert.All(await alice.ReadBytesAsync("777"), static value => Assert.Equal(777 % 256, value));
    }

    [Fact]
    public async Task A_thousand_small_writes_at_the_same_time_are_ten_puts_or_fewer_while_they_are_sent()
    {
        var store = new HookedStore(new MemoryStore("team"));
        var slow = new FaultyStore(store);
        await using var team = new Team(slow) { Cooldown = TimeSpan.FromHours(1) };
        var alice = await team.CreateAsync();
        slow.Inject(Fault.Slow(TimeSpan.FromMilliseconds(200), StoreOperation.Put));
        var before = store.Puts.Count;
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => alice.WriteTextAsync(Text(i), "text", Async)));
        await alice.WaitFilesAsync();
        Assert.InRange(store.Puts.Skip(before).Count(static key => key != "users/changed"), 1, 10);
        Assert.Equal(1_000, (await alice.GetStatusAsync()).Files);
    }

    [Fact]
    public async Task Thousands_of_writes_of_one_path_go_together_in_their_order()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(queue: OnlyAccepts);
        const int Writes = 3_000;
        for (var i = 0; i < Writes; i += 100)
            await Task.WhenAll(Enumerable.Range(i, 100).Select(number => alice.WriteTextAsync(number % 100 == 0 ? "a" : Text(number), Text(number), Async)));
        for (var i = 0; i < Writes; i++)
            await alice.WriteTextAsync("a", Text(Writes + i), Async);
        await alice.WaitFilesAsync();
        Assert.Equal(Text((Writes * 2) - 1), await alice.ReadTextAsync("a"));
        var versions = await alice.GetVersionsAsync("a");
        Assert.Equal(Writes + 30, versions.Count);
        Assert.InRange((await team.Store.KeysAsync(StoredObjects.CommitKeys)).Length, 1, 10);
        foreach (var at in (int[])[0, 29, 30, 31, 1_500, Writes + 28])
            Assert.Equal(Text(at < 30 ? at * 100 : Writes + at - 30), await alice.ReadTextAsync("a", versions[at].Id));
    }

    [Fact]
    public async Task Of_those_that_go_together_only_what_is_refused_stays_and_it_costs_the_others_few_commits()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index, queue: OnlyAccepts);
        for (var i = 0; i < 200; i++)
            await alice.WriteAsync(Text(i), Bytes(i is 50 or 170 ? 100_000 : 10), Async);
        foreach (var spooled in Directory.EnumerateFiles(Path.ChangeExtension(index, ".spool")))
        {
            using var file = File.OpenWrite(spooled);
            file.Position = 50_000;
            file.Write(new byte[16]);
        }
        var refused = await Assert.ThrowsAsync<AggregateException>(() => alice.WaitFilesAsync());
        Assert.Equal(["50", "170"], refused.InnerExceptions.Select(static one => ((WriteRefusedException)one).Write.Path));
        Assert.Equal(198, (await alice.AllAsync()).Length);
        Assert.All(await alice.GetPendingAsync(), static write => Assert.NotNull(write.Refusal));
        Assert.InRange((await team.Store.KeysAsync(StoredObjects.CommitKeys)).Length, 2, 20);
    }

    [Fact]
    public async Task What_is_cancelled_while_it_goes_with_others_is_left_out_and_they_arrive()
    {
        var store = new HookedStore(new MemoryStore("team"));
        await using var team = new Team(store);
        var alice = await team.CreateAsync(queue: OnlyAccepts);
        for (var i = 0; i < 10; i++)
            await alice.WriteAsync(Text(i), Bytes(100_000, (byte)i), Async);
        var cancelled = false;
        store.BeforeNext("users/data/", async () => cancelled = await alice.CancelPendingAsync((await alice.GetPendingAsync())[3].Id));
        await alice.WaitFilesAsync();
        Assert.True(cancelled);
        Assert.Equal(["0", "1", "2", "4", "5", "6", "7", "8", "9"], await alice.AllAsync());
        Assert.All(await alice.ReadBytesAsync("9"), static value => Assert.Equal(9, value));
        Assert.Empty(await alice.GetPendingAsync());
    }

    [Fact]
    public async Task One_that_the_store_never_takes_does_not_keep_the_others_from_going()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, new JumpingTime());
        var alice = await team.CreateAsync(queue: OnlyAccepts);
        // Larger than what shares an object, so that its put can be told from the others.
        await alice.WriteAsync("never", Bytes(2 << 20), Async);
        for (var i = 0; i < 100; i++)
            await alice.WriteTextAsync(Text(i), "text", Async);
        store.Inject(new Fault { Operation = StoreOperation.Put, Key = static key => key.Contains("/data/", StringComparison.Ordinal), Times = int.MaxValue });
        using (var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1)))
        {
            var waiting = alice.WaitFilesAsync(cancellationToken: patience.Token);
            while ((await alice.GetPendingAsync(patience.Token)).Count > 1)
                await Task.Delay(10, patience.Token);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }
        Assert.Equal("never", Assert.Single(await alice.GetPendingAsync()).Path);
        store.Clear();
        await alice.WaitFilesAsync();
        Assert.Equal(101, (await alice.AllAsync()).Length);
    }

    [Fact]
    public async Task An_index_that_is_found_damaged_while_the_queue_is_sent_refuses_nothing()
    {
        const int Files = 2_000;
        await using var team = new Team { Cooldown = TimeSpan.FromHours(1) };
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index, queue: OnlyAccepts);
        await alice.WriteManyAsync([.. Enumerable.Range(0, Files).Select(static i => new FileWrite($"early/{i}", Content("text")))]);
        await team.CloseAsync(alice);
        alice = await team.OpenAsync(team.Alice, index, cooldown: TimeSpan.FromHours(1), queue: OnlyAccepts);
        // One by itself: of a group the halves would be tried, with the new index.
        await alice.WriteTextAsync("late", "text", Async);
        using (var damaged = File.OpenWrite(new LocalPaths(index).Index(1)))
        {
            damaged.Position = 4_096;
            damaged.Write(new byte[damaged.Length - 4_096]);
        }
        await alice.WaitFilesAsync();
        Assert.Equal(Files + 1, (await alice.AllAsync()).Length);
        Assert.Empty(await alice.GetPendingAsync());
        Assert.NotEmpty(alice.Findings(FindingKind.LocalDamage));
    }

    [Fact]
    public async Task Closing_gives_up_a_put_that_stands_still()
    {
        var time = new ManualTime();
        var store = new FaultyStore(new MemoryStore("team", time), time);
        var hooked = new HookedStore(store);
        await using var team = new Team(hooked, time);
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        var slow = store.Inject(Fault.Slow(TimeSpan.FromDays(40), StoreOperation.Put) with { Key = static key => key.Contains("/data/", StringComparison.Ordinal) });
        var begun = new TaskCompletionSource();
        hooked.BeforeNext("users/data/", () =>
        {
            begun.SetResult();
            return Task.CompletedTask;
        });
        await alice.WriteAsync("a", Bytes(100_000), Async);
        await begun.Task;
        var closing = team.CloseAsync(alice);
        for (var minutes = 0; minutes < 1_000 && !closing.IsCompleted; minutes++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(5);
        }
        Assert.True(closing.IsCompleted);
        slow.Dispose();
        alice = await team.OpenAsync(team.Alice, index);
        await alice.WaitFilesAsync();
        Assert.Equal(["a"], await alice.AllAsync());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
