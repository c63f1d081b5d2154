using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Asynchronous and scheduled writes: what their caller sees.</summary>
public sealed class Queued_writes
{
    private static readonly WriteOptions Async = new() { Mode = WriteMode.Async };
    private static readonly WriteOptions AtHousekeeping = new() { Mode = WriteMode.Scheduled };
    private static readonly QueueOptions OnlyAccepts = new() { Sends = false };

    [Fact]
    public async Task What_is_accepted_keeps_its_id_time_attributes_and_end_and_is_nowhere_before_it_is_sent()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(queue: OnlyAccepts);
        var modified = new DateTimeOffset(2020, 2, 2, 2, 2, 2, TimeSpan.Zero);
        var accepted = await alice.WriteTextAsync("a", "text", Async with { Modified = modified, Attributes = new byte[] { 1, 2 }, Life = TimeSpan.FromDays(3) });
        Assert.Empty(await alice.AllAsync());
        var pending = Assert.Single(await alice.GetPendingAsync());
        Assert.Equal(("a", 4L, null, 0), (pending.Path, pending.Size, pending.Error, pending.Attempts));
        Assert.Equal((1L, 4L), ((await alice.GetStatusAsync()).Pending.Files, (await alice.GetStatusAsync()).Pending.Bytes));
        await alice.WaitFilesAsync();
        var version = Assert.Single(await alice.GetVersionsAsync("a"));
        Assert.Equal((accepted.Id, modified, accepted.Expires), (version.Id, version.Modified, version.Expires));
        Assert.Equal([1, 2], version.Attributes.ToArray());
        Assert.Empty(await alice.GetPendingAsync());
        Assert.Equal(0, (await alice.GetStatusAsync()).Pending.Files);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_097)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(17 << 20)]
    public async Task Contents_of_all_lengths_from_bytes_streams_and_pipes_arrive_as_they_were(int length)
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bytes = new byte[length];
        new SeededRandom(7).Fill(bytes);
        await alice.WriteAsync("bytes", FileContent.FromBytes(bytes), Async);
        await alice.WriteAsync("stream", FileContent.FromStream(new MemoryStream(bytes)), Async);
        var version = await alice.WriteAsync("pipe", FileContent.FromStream(new Bodies.TricklingStream(bytes, 4_000)), Async);
        Assert.Equal(length, version.Size);
        await alice.WaitFilesAsync();
        foreach (var path in (string[])["bytes", "stream", "pipe"])
            Assert.True((await alice.ReadBytesAsync(path)).AsSpan().SequenceEqual(bytes), path);
        Assert.Empty(Spooled(team));
    }

    [Fact]
    public async Task A_local_file_is_copied_when_it_is_accepted_because_it_may_change()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(queue: OnlyAccepts);
        var file = Path.Combine(team.Folder, "report");
        await File.WriteAllTextAsync(file, new string('1', 100_000));
        await alice.WriteAsync("report", FileContent.FromFile(file), Async);
        await File.WriteAllTextAsync(file, "changed");
        await alice.WaitFilesAsync();
        Assert.Equal(new string('1', 100_000), await alice.ReadTextAsync("report"));
    }

    [Fact]
    public async Task A_batch_stays_one_commit()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 30).Select(static i => new FileWrite($"{i:d2}", Bytes(i * 10_000, (byte)i), Async))]);
        await alice.WaitFilesAsync();
        Assert.Equal(30, (await alice.AllAsync()).Length);
        Assert.Single(await team.Store.KeysAsync(StoredObjects.CommitKeys));
        Assert.All(await alice.ReadBytesAsync("29"), static value => Assert.Equal(29, value));
    }

    [Fact]
    public async Task Files_of_one_batch_have_one_mode_and_a_moment_goes_with_scheduled()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => alice.WriteManyAsync([new FileWrite("a", Bytes(1), Async), new FileWrite("b", Bytes(1))]));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.WriteTextAsync("a", "", Async with { NotBefore = DateTimeOffset.UnixEpoch }));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.WriteTextAsync("a", "", new WriteOptions { Mode = (WriteMode)9 }));
        Assert.Empty(await alice.GetPendingAsync());
    }

    [Fact]
    public async Task What_could_never_be_sent_is_refused_where_it_is_accepted()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(new VaultSettings { Quota = 1_000_000 });
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        await Assert.ThrowsAsync<AccessDeniedException>(() => carol.WriteTextAsync("a", "1", Async));
        await Assert.ThrowsAsync<VaultQuotaException>(() => alice.WriteAsync("a", Bytes(1_000_001), Async));
        await Assert.ThrowsAsync<SourceLengthException>(() => alice.WriteAsync("short", FileContent.FromStream(new Bodies.TricklingStream(new byte[10], 3), length: 100_000), Async));
        await Assert.ThrowsAsync<SourceLengthException>(() => alice.WriteAsync("short", FileContent.FromStream(new Bodies.TricklingStream(new byte[10], 3), length: 100), Async));
        Assert.Empty(await alice.GetPendingAsync());
        Assert.Empty(Spooled(team));
    }

    [Fact]
    public async Task Writes_of_one_path_keep_their_order_also_when_one_of_them_fails_first_and_a_synchronous_one_comes_behind()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, new JumpingTime());
        var alice = await team.CreateAsync();
        store.Inject(new Fault { Operation = StoreOperation.Put, Key = static key => key.Contains("/data/", StringComparison.Ordinal), Times = 8 });
        await alice.WriteAsync("a", Bytes(100_000, 1), Async);
        await alice.WriteTextAsync("a", "second", Async);
        await alice.WriteTextAsync("b", "other", Async);
        await alice.WaitFilesAsync();
        await alice.WriteTextAsync("a", "third", Async);
        await alice.WriteTextAsync("a", "fourth");
        await alice.WriteTextAsync("a", "fifth", Async);
        await alice.DeleteAsync("a");
        Assert.Equal([100_000, 6, 5, 6, 5, 0], (await alice.GetVersionsAsync("a")).Select(static version => version.Size));
        Assert.True((await alice.GetVersionsAsync("a"))[^1].IsDelete);
    }

    [Fact]
    public async Task A_synchronous_write_behind_one_that_cannot_be_sent_says_so()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, new JumpingTime());
        var alice = await team.CreateAsync();
        store.Inject(new Fault { Operation = StoreOperation.Put, Key = static key => key.Contains("/data/", StringComparison.Ordinal), Times = 10_000 });
        await alice.WriteAsync("a", Bytes(100_000), Async);
        var fault = await Assert.ThrowsAsync<StoreException>(() => alice.WriteTextAsync("a", "later"));
        Assert.Contains("asynchronous write", fault.Message, StringComparison.Ordinal);
        store.Clear();
        await alice.WriteTextAsync("a", "later");
        Assert.Equal("later", await alice.ReadTextAsync("a"));
    }

    [Fact]
    public async Task While_the_store_is_away_for_long_writes_are_accepted_tried_again_and_arrive_when_it_is_back()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, new JumpingTime()) { Cooldown = TimeSpan.FromDays(1) };
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        store.Inject(new Fault { Operation = StoreOperation.Put, Times = int.MaxValue });
        for (var i = 0; i < 20; i++)
            await alice.WriteAsync($"{i}", Bytes(i * 5_000, (byte)i), Async);
        using (var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500)))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alice.WaitFilesAsync(cancellationToken: patience.Token));
        Assert.Contains(await alice.GetPendingAsync(), static write => write is { Attempts: > 0, Error: not null, Refusal: null });
        Assert.NotNull((await alice.GetStatusAsync()).Pending.OldestError);
        await team.CloseAsync(alice);
        store.Clear();
        alice = await team.OpenAsync(team.Alice, index);
        await alice.WaitFilesAsync();
        Assert.Equal(20, (await alice.AllAsync()).Length);
        Assert.Equal(20, (await alice.GetStatusAsync()).Versions);
        Assert.Empty(Spooled(team));
    }

    [Fact]
    public async Task While_the_store_is_away_the_pauses_between_attempts_grow_and_a_synchronous_write_of_the_path_does_not_wait_for_one()
    {
        var time = new ManualTime();
        var store = new FaultyStore(new MemoryStore("team", time), time);
        await using var team = new Team(store, time) { Cooldown = TimeSpan.FromDays(1) };
        var alice = await team.CreateAsync();
        using var away = store.Inject(new Fault { Operation = StoreOperation.Put, Key = static key => key.Contains("/data/", StringComparison.Ordinal), Times = int.MaxValue });
        await alice.WriteAsync("a", Bytes(100_000), Async);
        for (var seconds = 0; seconds < 7_200; seconds += 10)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(2);
        }
        // Up to a minute or so they double; from then on there is one each five minutes at most, and each two and a half at least.
        Assert.InRange(Assert.Single(await alice.GetPendingAsync()).Attempts, 12, 60);
        away.Dispose();
        var writing = alice.WriteTextAsync("a", "2");
        // The lock of the queue may be refused for a moment, while another test starts a process that inherits it; then it is asked for again a little later.
        while (!writing.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(2);
        }
        await writing;
        Assert.Equal([100_000, 1], (await alice.GetVersionsAsync("a")).Select(static version => version.Size));
    }

    [Fact]
    public async Task A_refusal_is_kept_told_once_and_a_person_tries_again_or_cancels()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var index = team.NewIndex();
        var bob = await team.OpenAsync(team.Bob, index, queue: OnlyAccepts);
        await bob.WriteTextAsync("small", "1", Async);
        await bob.WriteAsync("large", Bytes(200_000), Async);
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read);
        var told = await Assert.ThrowsAsync<AggregateException>(() => bob.WaitFilesAsync());
        Assert.Equal(["large", "small"], told.InnerExceptions.Select(static refused => ((WriteRefusedException)refused).Write.Path).Order());
        Assert.All(told.InnerExceptions, static refused => Assert.Equal(RefusalReason.AccessDenied, ((WriteRefusedException)refused).Write.Refusal));
        await bob.WaitFilesAsync();
        await team.CloseAsync(bob);

        bob = await team.OpenAsync(team.Bob, index);
        Assert.Equal(2, (await bob.GetStatusAsync()).Pending.Refused);
        await Assert.ThrowsAsync<AggregateException>(() => bob.WaitFilesAsync());
        var (small, large) = ((await bob.GetPendingAsync())[0], (await bob.GetPendingAsync())[1]);
        Assert.Contains("may read the vault and not write", small.Error, StringComparison.Ordinal);
        Assert.True(await bob.CancelPendingAsync(small.Id));
        Assert.False(await bob.CancelPendingAsync(small.Id));
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        Assert.True(await bob.RetryPendingAsync(large.Id));
        Assert.False(await bob.RetryPendingAsync(large.Id));
        await bob.WaitFilesAsync();
        Assert.Equal(["large"], await alice.AllAsync());
        Assert.Empty(await bob.GetPendingAsync());
    }

    [Fact]
    public async Task What_was_not_sent_can_be_cancelled_and_its_content_goes()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(queue: OnlyAccepts);
        await alice.WriteAsync("a", Bytes(200_000), Async);
        await alice.WriteTextAsync("b", "1", Async);
        Assert.Single(Spooled(team));
        Assert.True(await alice.CancelPendingAsync((await alice.GetPendingAsync())[0].Id));
        Assert.Empty(Spooled(team));
        await alice.WaitFilesAsync();
        Assert.Equal(["b"], await alice.AllAsync());
    }

    [Fact]
    public async Task What_is_cancelled_while_its_body_is_sent_never_becomes_visible()
    {
        var store = new HookedStore(new MemoryStore("team"));
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        var cancelled = false;
        store.BeforeNext("users/data/", async () => cancelled = await alice.CancelPendingAsync(Assert.Single(await alice.GetPendingAsync()).Id));
        await alice.WriteAsync("a", Bytes(200_000), Async);
        await alice.WaitFilesAsync();
        Assert.True(cancelled);
        Assert.Empty(await team.Store.KeysAsync(StoredObjects.CommitKeys));
        Assert.Empty(await alice.GetPendingAsync());
    }

    [Fact]
    public async Task What_may_be_on_the_store_already_cannot_be_cancelled()
    {
        var store = new HookedStore(new MemoryStore("team"));
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        bool? cancelled = null;
        store.BeforeNext("users/commits/", async () => cancelled = await alice.CancelPendingAsync(Assert.Single(await alice.GetPendingAsync()).Id));
        await alice.WriteTextAsync("a", "1", Async);
        await alice.WaitFilesAsync();
        Assert.False(cancelled);
        Assert.Equal(["a"], await alice.AllAsync());
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_and_not_written_twice()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, new JumpingTime());
        var alice = await team.CreateAsync();
        store.Inject(Fault.After(StoreOperation.Put) with { Key = static key => key.Contains("/commits/", StringComparison.Ordinal) });
        store.Inject(new Fault { Operation = StoreOperation.Read, Key = static key => key.Contains("/commits/", StringComparison.Ordinal), Times = 15 });
        store.Inject(new Fault { Operation = StoreOperation.Put, Key = static key => key.Contains("/commits/", StringComparison.Ordinal), First = 2, Times = 12 });
        await alice.WriteTextAsync("a", "1", Async);
        await alice.WaitFilesAsync();
        Assert.Single(await alice.GetVersionsAsync("a"));
        Assert.Single(await team.Store.KeysAsync(StoredObjects.CommitKeys));
    }

    [Fact]
    public async Task What_is_scheduled_goes_at_its_moment_and_not_before_and_neither_waiting_nor_closing_waits_for_it()
    {
        var time = new ManualTime();
        await using var team = new Team(new MemoryStore("team", time), time);
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        var moment = time.GetUtcNow() + TimeSpan.FromHours(3);
        var scheduled = new WriteOptions { Mode = WriteMode.Scheduled, NotBefore = moment };
        await alice.WriteTextAsync("a", "later", scheduled);
        await alice.WriteTextAsync("a", "now", Async);
        await alice.WaitFilesAsync();
        Assert.Equal("now", await alice.ReadTextAsync("a"));
        Assert.Equal(moment, Assert.Single(await alice.GetPendingAsync()).NotBefore);
        await team.CloseAsync(alice);
        alice = await team.OpenAsync(team.Alice, index);
        time.Advance(TimeSpan.FromHours(3) - TimeSpan.FromSeconds(1));
        await alice.WaitFilesAsync();
        Assert.Equal("now", await alice.ReadTextAsync("a"));
        time.Advance(TimeSpan.FromSeconds(1));
        await alice.WaitFilesAsync();
        Assert.Equal("later", await alice.ReadTextAsync("a"));
    }

    [Fact]
    public async Task What_is_scheduled_without_a_moment_goes_when_housekeeping_runs()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("a", "1", AtHousekeeping);
        await alice.WaitFilesAsync();
        Assert.Empty(await alice.AllAsync());
        Assert.True(Assert.Single(await alice.GetPendingAsync()).WaitsForHousekeeping);
        Assert.Equal(1, (await alice.HousekeepAsync()).PendingSent);
        Assert.Equal(["a"], await alice.AllAsync());
        Assert.Equal(0, (await alice.HousekeepAsync()).PendingSent);
    }

    [Fact]
    public async Task Progress_tells_of_each_file_and_of_the_queue()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(queue: OnlyAccepts);
        var sent = new Last<long>();
        await alice.WriteAsync("a", Bytes(300_000), Async with { Progress = sent });
        await alice.WriteTextAsync("b", "1", Async);
        var queue = new Last<PendingFigures>();
        await alice.WaitFilesAsync(queue);
        Assert.Equal(300_000, sent.Value);
        Assert.Equal((0L, 0L), (queue.Value!.Files, queue.Value.Bytes));
        Assert.Equal((2L, 300_001L), (queue.First!.Files, queue.First.Bytes));
    }

    [Fact]
    public async Task A_queue_that_is_full_and_does_not_move_refuses_and_one_that_moves_makes_the_caller_wait()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index, queue: OnlyAccepts with { MaxBytes = 250_000, MaxFiles = 3 });
        await alice.WriteAsync("a", Bytes(200_000), Async);
        Assert.Contains("250000 bytes", (await Assert.ThrowsAsync<QueueFullException>(() => alice.WriteAsync("b", Bytes(100_000), Async))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<QueueFullException>(() => alice.WriteAsync("c", FileContent.FromStream(new Bodies.TricklingStream(new byte[100_000], 5_000)), Async));
        await alice.WriteTextAsync("d", "1", Async);
        await alice.WriteTextAsync("e", "1", Async);
        await Assert.ThrowsAsync<QueueFullException>(() => alice.WriteTextAsync("f", "1", Async));
        await alice.WaitFilesAsync();
        Assert.Equal(["a", "d", "e"], await alice.AllAsync());
        Assert.Empty(Spooled(team));
        await team.CloseAsync(alice);
        alice = await team.OpenAsync(team.Alice, index, queue: new QueueOptions { MaxFiles = 3 });
        for (var i = 0; i < 30; i++)
            await alice.WriteTextAsync($"many/{i}", "1", Async);
        await alice.WaitFilesAsync();
        Assert.Equal(33, (await alice.AllAsync()).Length);
    }

    [Fact]
    public async Task Many_callers_at_once_wait_for_each_others_room_in_a_small_queue()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync(queue: new QueueOptions { MaxFiles = 3 });
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) => await alice.WriteAsync($"many/{i}", Bytes(10), Async, token));
        await alice.WaitFilesAsync();
        Assert.Equal(200, (await alice.AllAsync()).Length);
    }

    private static string[] Spooled(Team team) =>
        [.. Directory.EnumerateDirectories(team.Folder, "*.spool", SearchOption.AllDirectories).SelectMany(Directory.EnumerateFiles)];

    private sealed class Last<T> : IProgress<T>
    {
        public T? First { get; private set; }

        public T? Value { get; private set; }

        public void Report(T value)
        {
            First ??= value;
            Value = value;
        }
    }
}
