using System.Collections.Concurrent;
using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>All files of a folder, read with the requests that their places on the store need.</summary>
public sealed class Reading_a_folder : IAsyncDisposable
{
    private readonly CountingStore _store = new(ScenarioStore.Create());

    [Fact]
    public async Task A_bundle_is_one_get_and_the_tail_of_a_commit_is_one()
    {
        await using var team = new Team(_store) { Cooldown = TimeSpan.FromHours(1) };
        var alice = await team.CreateAsync();
        // 16 contents fill the tail; all others share a bundle.
        await alice.WriteManyAsync([.. Enumerable.Range(0, 500).Select(static i => new FileWrite($"folder/{i:d3}", Content($"{i}".PadLeft(4000))))]);
        for (var i = 0; i < 5; i++)
            await alice.WriteTextAsync($"folder/single {i}", $"{i}");
        await alice.WriteTextAsync("elsewhere", "not asked for");
        _store.Reset();
        var read = await ReadAllAsync(alice, "folder");
        // The tail of the batch, the bundle, and five tails; a put can only be that of the marker, which follows the writes.
        Assert.Equal((7L, 7L), (_store.Counts.Read, _store.Counts.Total - _store.Counts.Put));
        Assert.Equal(505, read.Count);
        for (var i = 0; i < 500; i++)
            Assert.Equal($"{i}".PadLeft(4000), read[$"folder/{i:d3}"]);
        Assert.Equal("3", read["folder/single 3"]);
    }

    [Fact]
    public async Task Contents_of_all_sizes_come_as_they_were_written()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        int[] sizes = [0, 1, 4096, 4097, 65_535, 65_536, 65_537, 200_000, 1 << 20, (1 << 20) + 1, (17 << 20) + 3];
        await alice.WriteManyAsync([.. sizes.Select(static size => new FileWrite($"{size}", FileContent.FromBytes(Pattern.Bytes((ulong)size, size))))]);
        var seen = new ConcurrentDictionary<string, bool>();
        await alice.ReadFolderAsync("", async (reader, token) =>
        {
            var content = new byte[reader.Content.Length];
            Assert.Equal(content.Length, await reader.Content.ReadFullyAsync(content, token));
            Assert.Equal(reader.Version.Path, $"{content.Length}");
            Assert.Equal(Pattern.Bytes((ulong)content.Length, content.Length), content);
            var local = Path.Combine(team.Folder, reader.Version.Path);
            await reader.WriteToFileAsync(local, cancellationToken: token);
            Assert.Equal(content, await File.ReadAllBytesAsync(local, token));
            Assert.True(seen.TryAdd(reader.Version.Path, true));
        });
        Assert.Equal(sizes.Length, seen.Count);
    }

    [Fact]
    public async Task Only_what_is_chosen_is_read_and_sealed_files_are_told_apart()
    {
        await using var team = new Team(_store) { Cooldown = TimeSpan.FromHours(1) };
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 40).Select(static i => new FileWrite($"{i}", Content($"{i}".PadLeft(4000))))]);
        await alice.WriteTextAsync("0", "sealed to myself", new WriteOptions { Recipient = team.Alice.Public });
        _store.Reset();
        Assert.Empty(await ReadAllAsync(alice, "", static _ => false));
        Assert.Equal(0, _store.Counts.Read);
        Assert.Equal("sealed to myself", Assert.Single(await ReadAllAsync(alice, "", static version => version.Seal is not null)).Value);
        Assert.Equal(40, (await ReadAllAsync(alice, "", static version => version.Seal is null)).Count);
    }

    [Fact]
    public async Task One_damaged_content_is_told_where_it_is_read_and_all_others_come()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 100).Select(static i => new FileWrite($"{i:d3}", Bytes(20_000, (byte)i)))]);
        await _store.FlipAsync(Assert.Single(await _store.KeysAsync(DataKeys)), 500_000);
        var damaged = new ConcurrentBag<string>();
        var whole = 0;
        await alice.ReadFolderAsync("", async (reader, token) =>
        {
            var content = new byte[20_000];
            try
            {
                await reader.Content.ReadFullyAsync(content, token);
                Assert.All(content.Distinct(), value => Assert.Equal(reader.Version.Path, $"{value:d3}"));
                Interlocked.Increment(ref whole);
            }
            catch (BodyDamagedException)
            {
                damaged.Add(reader.Version.Path);
            }
        });
        Assert.Equal(("024", 99), (Assert.Single(damaged), whole));
    }

    [Fact]
    public async Task A_bundle_that_is_gone_or_short_is_told_for_each_of_its_files()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 10).Select(static i => new FileWrite($"{i}", Bytes(20_000)))]);
        var bundle = Assert.Single(await _store.KeysAsync(DataKeys));
        await _store.ChangeAsync(bundle, static bytes => bytes[..100_000]);
        Assert.Equal((4, 6), await CountAsync<BodyDamagedException>(alice));
        await _store.RemoveAsync(bundle);
        Assert.Equal((0, 10), await CountAsync<BodyMissingException>(alice));
    }

    [Fact]
    public async Task Tails_that_were_packed_are_read_together_also_when_the_reader_does_not_know_of_the_pack_yet()
    {
        var time = new JumpingTime();
        var counting = new CountingStore(new MemoryStore("packed", time));
        await using var team = new Team(counting, time) { Cooldown = TimeSpan.FromHours(100) };
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        for (var i = 0; i < 20; i++)
            await alice.WriteTextAsync($"{i}", $"text {i}");
        await bob.SyncAsync();
        time.Jump(TimeSpan.FromDays(2));
        Assert.Equal(20, (await alice.HousekeepAsync()).CommitsPacked);
        time.Jump(TimeSpan.FromHours(1));
        Assert.Equal(20, (await alice.HousekeepAsync()).CommitsDeleted);
        Assert.Equal("text 7", (await ReadAllAsync(bob, ""))["7"]);
        await alice.SyncAsync();
        counting.Reset();
        Assert.Equal(20, (await ReadAllAsync(alice, "")).Count);
        Assert.Equal(1, counting.Counts.Read);
    }

    [Fact]
    public async Task An_error_of_who_takes_the_files_ends_it_and_is_the_one_that_is_thrown()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        await alice.WriteManyAsync([.. Enumerable.Range(0, 1000).Select(static i => new FileWrite($"{i}", Bytes(4000)))]);
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => alice.ReadFolderAsync("", static (reader, _) =>
            reader.Version.Path == "700" ? throw new InvalidDataException("mine") : ValueTask.CompletedTask));
        Assert.Equal("mine", thrown.Message);
        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alice.ReadFolderAsync("", (_, _) => new ValueTask(cancelled.CancelAsync()), cancellationToken: cancelled.Token));
    }

    [Fact]
    public async Task A_local_file_is_made_with_its_time_and_permissions_and_replaces_what_was_there_but_no_folder()
    {
        await using var team = new Team(_store);
        var alice = await team.CreateAsync();
        var modified = new DateTimeOffset(2020, 2, 29, 12, 0, 0, TimeSpan.Zero);
        await alice.WriteManyAsync([.. Enumerable.Range(0, 30).Select(i => new FileWrite($"{i}", Bytes(5000, (byte)i), new WriteOptions { Modified = modified }))]);
        var folder = Directory.CreateDirectory(Path.Combine(team.Folder, "out")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "3"), "older and longer".PadRight(9000));
        File.CreateSymbolicLink(Path.Combine(folder, "4"), Path.Combine(team.Folder, "victim"));
        Directory.CreateDirectory(Path.Combine(folder, "5"));
        var failed = new ConcurrentBag<string>();
        await alice.ReadFolderAsync("", async (reader, token) =>
        {
            try
            {
                await reader.WriteToFileAsync(Path.Combine(folder, reader.Version.Path), new WriteToFileOptions { Mode = UnixFileMode.UserRead }, token);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed.Add(reader.Version.Path);
            }
        });
        Assert.Equal("5", Assert.Single(failed));
        Assert.False(File.Exists(Path.Combine(team.Folder, "victim")));
        Assert.Equal(30, Directory.EnumerateFileSystemEntries(folder).Count());
        foreach (var name in (string[])["3", "4", "29"])
        {
            var file = new FileInfo(Path.Combine(folder, name));
            Assert.Equal((5000, modified.UtcDateTime, null), (file.Length, file.LastWriteTimeUtc, file.LinkTarget));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead, file.UnixFileMode);
        }
    }

    private static async Task<ConcurrentDictionary<string, string>> ReadAllAsync(Vault vault, string folder, Func<FileVersion, bool>? choose = null)
    {
        var read = new ConcurrentDictionary<string, string>();
        await vault.ReadFolderAsync(folder, async (reader, token) =>
        {
            using var text = new StreamReader(reader.Content, leaveOpen: true);
            Assert.True(read.TryAdd(reader.Version.Path, await text.ReadToEndAsync(token)));
        }, choose);
        return read;
    }

    private static async Task<(int Read, int Failed)> CountAsync<TFault>(Vault vault)
        where TFault : Exception
    {
        var (read, failed) = (0, 0);
        await vault.ReadFolderAsync("", async (reader, token) =>
        {
            try
            {
                await reader.Content.ReadFullyAsync(new byte[reader.Content.Length], token);
                Interlocked.Increment(ref read);
            }
            catch (TFault)
            {
                Interlocked.Increment(ref failed);
            }
        });
        return (read, failed);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
