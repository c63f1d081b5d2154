using System.Security.Cryptography;
using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Puts and gets of large files that end in the middle: they go on with what is missing, and only with that.</summary>
public sealed class Transfers_that_are_cut_off : IDisposable
{
    private const int Piece = 16 << 20;
    private const int Pieces = 4;
    private const int Length = (Pieces - 1) * Piece + 1_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-cut-").FullName;

    private string Source => Path.Combine(_folder, "source");

    private string Target => Path.Combine(_folder, "target");

    private static string Uploads(string index) => Path.ChangeExtension(index, ".uploads");

    private static bool IsData(string key) => key.StartsWith(DataKeys, StringComparison.Ordinal);

    private static IEnumerable<string> DataPuts(HookedStore store) => store.Puts.Where(IsData);

    private byte[] WriteSource(ulong seed, int length = Length)
    {
        var bytes = Pattern.Bytes(seed, length);
        File.WriteAllBytes(Source, bytes);
        return bytes;
    }

    /// <summary>Lets so many more pieces through, and then none.</summary>
    private static Func<string, Task> Cut(int after)
    {
        var begun = 0;
        return key => IsData(key) && Interlocked.Increment(ref begun) > after ? throw new StoreException(StoreErrorKind.PermissionDenied, "Not now.") : Task.CompletedTask;
    }

    private async Task CutPutAsync(Vault vault, HookedStore store, int after)
    {
        store.BeforePut = Cut(after);
        await Assert.ThrowsAsync<StoreException>(() => vault.WriteAsync("large", FileContent.FromFile(Source)));
        store.BeforePut = static _ => Task.CompletedTask;
    }

    /// <summary>The failure of one piece ends those that are under way, so it waits until as many are written.</summary>
    private async Task CutGetAsync(Vault vault, HookedStore store, int after)
    {
        var progress = new ProgressLog();
        var begun = 0;
        store.BeforeRead = async key =>
        {
            if (!IsData(key) || Interlocked.Increment(ref begun) <= after)
                return;
            while (progress.Values.Count < after)
                await Task.Delay(5);
            throw new StoreException(StoreErrorKind.PermissionDenied, "Not now.");
        };
        await Assert.ThrowsAsync<StoreException>(() => vault.ReadToFileAsync("large", Target, new ReadFileOptions { Progress = progress }));
        store.BeforeRead = static _ => Task.CompletedTask;
    }

    [Fact]
    public async Task A_put_goes_on_with_what_is_missing_also_when_the_vault_was_closed()
    {
        await using var team = new Team();
        var (index, store) = (team.NewIndex(), new HookedStore(team.Store));
        var alice = await team.CreateAsync(index: index, store: store);
        var content = WriteSource(1);
        await CutPutAsync(alice, store, after: 2);
        Assert.Single(Directory.GetFiles(Uploads(index)));
        await team.CloseAsync(alice);

        alice = await team.OpenAsync(team.Alice, index, store);
        var progress = new ProgressLog();
        await alice.WriteAsync("large", FileContent.FromFile(Source), new WriteOptions { Progress = progress });

        Assert.Equal(Pieces, DataPuts(store).Count());
        Assert.Equal(Pieces, DataPuts(store).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Length, progress.Last);
        Assert.Equal(content, await alice.ReadBytesAsync("large"));
        Assert.Empty(Directory.GetFiles(Uploads(index)));
    }

    [Fact]
    public async Task A_piece_that_arrived_though_its_answer_was_lost_is_not_sent_again()
    {
        await using var team = new Team();
        var store = new HookedStore(team.Store);
        var alice = await team.CreateAsync(store: store);
        var content = WriteSource(1);
        store.AfterPut = Cut(after: 0);
        await Assert.ThrowsAsync<StoreException>(() => alice.WriteAsync("large", FileContent.FromFile(Source)));
        store.AfterPut = static _ => Task.CompletedTask;
        var arrived = (await team.Store.KeysAsync(DataKeys)).Length;
        Assert.InRange(arrived, 1, Pieces);
        var before = DataPuts(store).Count();

        await alice.WriteAsync("large", FileContent.FromFile(Source));

        Assert.Equal(Pieces - arrived, DataPuts(store).Count() - before);
        Assert.Equal(content, await alice.ReadBytesAsync("large"));
        Assert.Equal(Pieces, (await team.Store.KeysAsync(DataKeys)).Length);
    }

    [Theory]
    [InlineData("upload")]
    [InlineData("download")]
    public async Task A_process_that_is_killed_is_gone_on_from_by_the_next(string what)
    {
        var url = $"file://{_folder}/store?fsync=false";
        await using var inner = ScenarioStore.Open(url);
        var counting = new CountingStore(inner);
        await using var team = new Team(counting);
        var index = team.NewIndex();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var content = WriteSource(2);
        if (what == "download")
            await alice.WriteAsync("large", FileContent.FromFile(Source));
        using (var process = OtherProcess.Start(what, url, index, team.Bob.ExportText(), alice.Me.ToString(), "2", what == "upload" ? Source : Target))
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
            await process.StandardInput.WriteLineAsync();
            Assert.Equal("cut", await process.StandardOutput.ReadLineAsync());
            process.Kill();
            await process.WaitForExitAsync();
        }
        var bob = await team.OpenAsync(team.Bob, index);
        counting.Reset();
        if (what == "upload")
        {
            await bob.WriteAsync("large", FileContent.FromFile(Source));
            await alice.SyncAsync();
            Assert.Equal(content, await alice.ReadBytesAsync("large"));
            Assert.Equal(Pieces, (await inner.KeysAsync(DataKeys)).Length);
        }
        else
        {
            await bob.ReadToFileAsync("large", Target);
            Assert.InRange(counting.Counts.BytesRead, 1, (Pieces - 2) * (Piece + 100_000));
            Assert.Equal(content, await File.ReadAllBytesAsync(Target));
        }
        Assert.Empty(Directory.GetFiles(_folder, ".coffer-*"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_source_that_changed_starts_over_under_new_names_even_if_nothing_but_its_bytes_tells(bool looksTheSame)
    {
        await using var team = new Team();
        var store = new HookedStore(team.Store);
        var alice = await team.CreateAsync(store: store);
        WriteSource(1);
        var time = File.GetLastWriteTimeUtc(Source);
        await CutPutAsync(alice, store, after: 2);
        var first = DataPuts(store).ToHashSet(StringComparer.Ordinal);
        var content = WriteSource(3);
        File.SetLastWriteTimeUtc(Source, looksTheSame ? time : time.AddSeconds(1));

        await alice.WriteAsync("large", FileContent.FromFile(Source));

        // A piece that was never sent before may be on its way when another one shows that the source has changed.
        Assert.InRange(DataPuts(store).Count(key => !first.Contains(key)), Pieces, (2 * Pieces) - 2);
        Assert.Equal(content, await alice.ReadBytesAsync("large"));
    }

    [Fact]
    public async Task A_source_that_changed_behind_what_was_sent_gives_what_it_is_now()
    {
        await using var team = new Team();
        var store = new HookedStore(team.Store);
        var alice = await team.CreateAsync(store: store);
        var content = WriteSource(1);
        var time = File.GetLastWriteTimeUtc(Source);
        await CutPutAsync(alice, store, after: 1);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(Source, content);
        File.SetLastWriteTimeUtc(Source, time);

        await alice.WriteAsync("large", FileContent.FromFile(Source));

        Assert.Equal(content, await alice.ReadBytesAsync("large"));
    }

    [Fact]
    public async Task What_is_too_old_to_be_named_by_a_commit_is_put_anew_and_swept()
    {
        var time = new JumpingTime();
        await using var team = new Team(time: time);
        var (index, store) = (team.NewIndex(), new HookedStore(team.Store));
        var alice = await team.CreateAsync(index: index, store: store);
        var content = WriteSource(1);
        await CutPutAsync(alice, store, after: 2);
        var first = DataPuts(store).ToHashSet(StringComparer.Ordinal);
        time.Jump(TimeSpan.FromDays(3.6));

        await alice.WriteAsync("large", FileContent.FromFile(Source));

        Assert.Equal(Pieces, DataPuts(store).Count(key => !first.Contains(key)));
        Assert.Equal(content, await alice.ReadBytesAsync("large"));

        WriteSource(4);
        await CutPutAsync(alice, store, after: 1);
        await alice.HousekeepAsync();
        Assert.Single(Directory.GetFiles(Uploads(index)));
        time.Jump(TimeSpan.FromDays(3.6));
        await alice.HousekeepAsync();
        Assert.Empty(Directory.GetFiles(Uploads(index)));
    }

    [Fact]
    public async Task Two_puts_of_one_file_at_a_time_do_not_share_what_they_send()
    {
        await using var team = new Team();
        var store = new HookedStore(team.Store);
        var alice = await team.CreateAsync(store: store);
        var content = WriteSource(1);

        await Task.WhenAll(alice.WriteAsync("a", FileContent.FromFile(Source)), alice.WriteAsync("b", FileContent.FromFile(Source)));

        var stored = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in await team.Store.KeysAsync(DataKeys))
            stored.Add(Convert.ToHexString(SHA256.HashData(await team.Store.GetAsync(key))));
        // Under one key they would be the same.
        Assert.Equal(2 * Pieces, stored.Count);
        Assert.Equal(content, await alice.ReadBytesAsync("a"));
        Assert.Equal(content, await alice.ReadBytesAsync("b"));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(50, 0)]
    [InlineData(-1, 1)]
    [InlineData(-40, 1)]
    public async Task A_journal_that_lost_its_end_or_its_beginning_is_worth_what_can_be_read_of_it(int cut, int worth)
    {
        await using var team = new Team();
        var (index, store) = (team.NewIndex(), new HookedStore(team.Store));
        var alice = await team.CreateAsync(index: index, store: store);
        var content = WriteSource(1);
        await CutPutAsync(alice, store, after: 2);
        var journal = Assert.Single(Directory.GetFiles(Uploads(index)));
        var bytes = await File.ReadAllBytesAsync(journal);
        await File.WriteAllBytesAsync(journal, cut < 0 ? bytes[..^-cut] : bytes[..cut]);
        var before = DataPuts(store).Count();

        await alice.WriteAsync("large", FileContent.FromFile(Source));

        Assert.InRange(DataPuts(store).Count() - before, worth == 0 ? Pieces : 1, Pieces);
        Assert.Equal(content, await alice.ReadBytesAsync("large"));
    }

    [Fact]
    public async Task A_queued_write_goes_on_with_what_is_missing()
    {
        await using var team = new Team();
        var store = new HookedStore(team.Store);
        var alice = await team.CreateAsync(store: store);
        var content = WriteSource(1);
        var begun = 0;
        store.BeforePut = key => IsData(key) && Interlocked.Increment(ref begun) == Pieces ? throw new StoreException(StoreErrorKind.PermissionDenied, "Not now.") : Task.CompletedTask;

        await alice.WriteAsync("large", FileContent.FromFile(Source), new WriteOptions { Mode = WriteMode.Async });
        await alice.WaitFilesAsync();

        Assert.True(begun > Pieces);
        Assert.Equal(Pieces, DataPuts(store).Count());
        Assert.Equal(content, await alice.ReadBytesAsync("large"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_get_goes_on_with_what_is_missing_and_believes_nothing_of_what_is_there(bool tampered)
    {
        await using var team = new Team();
        var counting = new CountingStore(team.Store);
        var store = new HookedStore(counting);
        var alice = await team.CreateAsync(store: store);
        var content = WriteSource(1);
        await alice.WriteAsync("large", FileContent.FromFile(Source));
        await CutGetAsync(alice, store, after: 2);
        Assert.False(File.Exists(Target));
        var part = Assert.Single(Directory.GetFiles(_folder, ".coffer-*.part"));
        if (tampered)
        {
            await using var file = File.OpenWrite(part);
            // All of them, by one byte each, and longer than it may be.
            for (var piece = 0; piece < Pieces; piece++)
            {
                file.Position = (piece * (long)Piece) + 17;
                file.WriteByte(99);
            }
            file.SetLength(Length + 5);
        }
        counting.Reset();

        var progress = new ProgressLog();
        await alice.ReadToFileAsync("large", Target, new ReadFileOptions { Progress = progress });

        Assert.Equal(content, await File.ReadAllBytesAsync(Target));
        Assert.Equal(Length, progress.Last);
        if (tampered)
            Assert.True(counting.Counts.BytesRead > Length);
        else
            Assert.InRange(counting.Counts.BytesRead, 1, Length - Piece);
        Assert.Equal(File.GetLastWriteTimeUtc(Source), File.GetLastWriteTimeUtc(Target), TimeSpan.FromMilliseconds(1));
        Assert.Empty(Directory.GetFiles(_folder, ".coffer-*"));
    }

    [Fact]
    public async Task Two_gets_into_one_place_at_a_time_both_succeed()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var content = WriteSource(1);
        await alice.WriteAsync("large", FileContent.FromFile(Source));

        await Task.WhenAll(alice.ReadToFileAsync("large", Target), alice.ReadToFileAsync("large", Target));

        Assert.Equal(content, await File.ReadAllBytesAsync(Target));
        Assert.Empty(Directory.GetFiles(_folder, ".coffer-*"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_stays_where_everybody_may_write_nor_of_a_damaged_file(bool everybody)
    {
        await using var team = new Team();
        var store = new HookedStore(team.Store);
        var alice = await team.CreateAsync(store: store);
        WriteSource(1);
        await alice.WriteAsync("large", FileContent.FromFile(Source));
        if (everybody && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherWrite);
            await CutGetAsync(alice, store, after: 2);
        }
        else
        {
            await team.Store.FlipAsync((await team.Store.KeysAsync(DataKeys))[0], 500_000);
            await Assert.ThrowsAsync<BodyDamagedException>(() => alice.ReadToFileAsync("large", Target));
        }
        Assert.Equal([Source], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_named_as_it_was_given()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        WriteSource(1);
        await alice.WriteAsync("large", FileContent.FromFile(Source));
        var missing = Path.Combine(_folder, "missing", "target");

        var error = await Assert.ThrowsAsync<DirectoryNotFoundException>(() => alice.ReadToFileAsync("large", missing));

        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(missing);
        await Assert.ThrowsAnyAsync<Exception>(() => alice.ReadToFileAsync("large", missing));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(missing)!));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
