using System.Globalization;
using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>The queue of asynchronous writes across processes that die, that share one state, or belong to somebody else.</summary>
public sealed class A_queue_and_its_processes : IDisposable
{
    private static readonly WriteOptions Async = new() { Mode = WriteMode.Async };
    private static readonly QueueOptions OnlyAccepts = new() { Sends = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-queue-").FullName;

    [Theory]
    [InlineData("accept")]
    [InlineData("accept-and-send")]
    public async Task What_a_killed_process_had_accepted_arrives_exactly_once(string how)
    {
        const int Files = 60;
        var url = ScenarioStore.FreshUrl() ?? $"file://{_folder}/store?fsync=false";
        await using var store = ScenarioStore.Open(url);
        await using var team = new Team(store);
        var index = team.NewIndex();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        using (var process = OtherProcess.Start(how, url, index, team.Bob.ExportText(), alice.Me.ToString(), Text(Files), ""))
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
            await process.StandardInput.WriteLineAsync();
            Assert.Equal("accepted", await process.StandardOutput.ReadLineAsync());
            process.Kill();
            await process.WaitForExitAsync();
        }
        var bob = await team.OpenAsync(team.Bob, index);
        await bob.WaitFilesAsync();
        Assert.Empty(await bob.GetPendingAsync());
        Assert.Equal(Files, (await alice.AllAsync()).Length);
        var status = await alice.GetStatusAsync();
        Assert.Equal((Files, Files), (status.Files, status.Versions));
        for (var i = 0; i < Files; i++)
            Assert.Equal(OtherProcess.QueuedContent(i), await alice.ReadBytesAsync(Text(i)));
        Assert.Empty(Directory.EnumerateFiles(Path.ChangeExtension(index, ".spool")));
        Assert.Empty(alice.GetFindings());
    }

    [Fact]
    public async Task Of_two_processes_on_one_state_one_sends_what_the_other_accepted()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var accepts = await team.CreateAsync(index: index, queue: OnlyAccepts);
        var sends = await team.OpenAsync(team.Alice, index);
        for (var i = 0; i < 10; i++)
        {
            await accepts.WriteAsync($"a/{i}", Bytes(i * 20_000), Async);
            await sends.WriteAsync($"b/{i}", Bytes(i * 20_000), Async);
        }
        await Task.WhenAll(accepts.WaitFilesAsync(), sends.WaitFilesAsync());
        Assert.Equal(20, (await sends.AllAsync()).Length);
        Assert.Equal(20, (await accepts.GetStatusAsync()).Versions);
        Assert.Empty(await accepts.GetPendingAsync());
    }

    [Fact]
    public async Task Contents_rest_encrypted_readable_by_nobody_else_and_for_no_other_identity()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index, queue: OnlyAccepts);
        await alice.WriteTextAsync("small", "a secret that is short", Async);
        await alice.WriteTextAsync("large", string.Concat(Enumerable.Repeat("a secret that is long ", 10_000)), Async);
        await team.CloseAsync(alice);
        var spooled = Assert.Single(Directory.EnumerateFiles(Path.ChangeExtension(index, ".spool")));
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(index)!).Append(spooled))
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("a secret"u8));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(spooled));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(spooled)!));
        }

        // Somebody else who makes the state say that it is theirs still cannot open what is in it.
        alice = await team.OpenAsync(team.Alice, queue: OnlyAccepts);
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var stolen = Path.Combine(_folder, "team.db");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(index)!, "*.state.db*"))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        Directory.CreateDirectory(Path.ChangeExtension(stolen, ".spool"));
        File.Copy(spooled, Path.Combine(Path.ChangeExtension(stolen, ".spool"), Path.GetFileName(spooled)));
        using (var database = Databases.LocalDatabase.Open(new Databases.LocalPaths(stolen)))
            new State.MetaTable(database).Member = team.Bob.Public.ToString();
        var bob = await team.OpenAsync(team.Bob, stolen, queue: OnlyAccepts);
        var refused = await Assert.ThrowsAsync<AggregateException>(() => bob.WaitFilesAsync());
        Assert.Equal(2, refused.InnerExceptions.Count);
        Assert.All(refused.InnerExceptions, static one => Assert.Contains("accepted by another identity", one.Message, StringComparison.Ordinal));
        Assert.Empty(await alice.AllAsync());
    }

    [Fact]
    public async Task A_spooled_content_that_is_damaged_is_refused_and_nothing_of_it_becomes_visible()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index, queue: OnlyAccepts);
        await alice.WriteAsync("damaged", Bytes(200_000), Async);
        await alice.WriteAsync("gone", Bytes(200_000), Async);
        var damaged = Directory.EnumerateFiles(Path.ChangeExtension(index, ".spool")).OrderBy(File.GetCreationTimeUtc).ToArray();
        using (var file = File.OpenWrite(damaged[0]))
        {
            file.Position = 100_000;
            file.Write(new byte[16]);
        }
        File.Delete(damaged[1]);
        var refused = await Assert.ThrowsAsync<AggregateException>(() => alice.WaitFilesAsync());
        Assert.Equal(2, refused.InnerExceptions.Count);
        Assert.Empty(await alice.AllAsync());
        foreach (var write in await alice.GetPendingAsync())
            Assert.True(await alice.CancelPendingAsync(write.Id));
        Assert.Empty(Directory.EnumerateFiles(Path.ChangeExtension(index, ".spool")));
    }

    [Fact]
    public async Task A_spool_file_that_no_entry_names_is_removed_at_the_next_open_and_one_that_is_being_written_is_not()
    {
        await using var team = new Team();
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index, queue: OnlyAccepts);
        await alice.WriteAsync("a", Bytes(200_000), Async);
        var spool = Path.ChangeExtension(index, ".spool");
        var named = Assert.Single(Directory.EnumerateFiles(spool));
        await File.WriteAllTextAsync(Path.Combine(spool, "orphan"), "left by a process that was killed");
        using (new FileStream(Path.Combine(spool, "writing"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            await team.OpenAsync(team.Alice, index, queue: OnlyAccepts);
            Assert.Equal([named, Path.Combine(spool, "writing")], Directory.EnumerateFiles(spool).Order(StringComparer.Ordinal));
        }
        await alice.WaitFilesAsync();
        Assert.Equal(["a"], await alice.AllAsync());
    }

    [Fact]
    public async Task A_full_disk_under_the_spool_refuses_the_write_says_so_and_leaves_nothing()
    {
        await using var team = new Team();
        var index = Path.Combine(_folder, "small", "team.db");
        await using (var disk = await SmallDisk.MountAsync(Path.Combine(_folder, "small"), "4m"))
        {
            var alice = await team.CreateAsync(index: index);
            var fault = await Assert.ThrowsAsync<IOException>(() => alice.WriteAsync("large", Bytes(8 << 20), Async));
            Assert.Contains("'large' was not accepted", fault.Message, StringComparison.Ordinal);
            Assert.Empty(await alice.GetPendingAsync());
            Assert.Empty(Directory.EnumerateFiles(Path.ChangeExtension(index, ".spool")));
            await alice.WriteAsync("smaller", Bytes(1 << 20), Async);
            await alice.WaitFilesAsync();
            Assert.Equal(["smaller"], await alice.AllAsync());
            await team.CloseAsync(alice);
        }
    }

    [Fact]
    public async Task A_stream_of_200_MiB_is_accepted_and_sent_with_bounded_memory()
    {
        const long Length = 200L << 20;
        var url = $"file://{_folder}/store?fsync=false";
        await using var store = ScenarioStore.Open(url);
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var index = team.NewIndex();
        using var process = OtherProcess.Start("large", url, index, team.Bob.ExportText(), alice.Me.ToString(), Length.ToString(CultureInfo.InvariantCulture), "");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        await process.StandardInput.WriteLineAsync();
        var peak = long.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await process.WaitForExitAsync();
        // The pool's 64 MiB, the runtime, and what of them the collector has not given back.
        Assert.InRange(peak, 1, 190 << 20);
        Assert.Equal(["large"], await alice.AllAsync());
        Assert.Equal(Length, (await alice.StatAsync("large"))!.Size);
    }

    [Fact]
    public async Task Closing_does_not_wait_for_a_store_that_is_away_and_the_next_process_goes_on()
    {
        var store = new FaultyStore(new MemoryStore("team"));
        await using var team = new Team(store, new JumpingTime());
        var index = team.NewIndex();
        var alice = await team.CreateAsync(index: index);
        store.Inject(new Fault { Operation = StoreOperation.Put, Times = int.MaxValue });
        await alice.WriteTextAsync("a", "1", Async);
        await alice.WriteAsync("b", Bytes(100_000), Async);
        await team.CloseAsync(alice);
        store.Clear();
        alice = await team.OpenAsync(team.Alice, index);
        await alice.WaitFilesAsync();
        Assert.Equal(["a", "b"], await alice.AllAsync());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
