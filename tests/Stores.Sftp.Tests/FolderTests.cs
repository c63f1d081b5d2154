using System.Diagnostics;
using Coffer.Testing;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>What stands on the server's disk: links, strangers' files, what was left behind, and disks that take nothing more.</summary>
public sealed class FolderTests : IDisposable
{
    private readonly LocalFolder _folder = new();
    private bool _isMounted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Links_are_neither_followed_nor_replaced_nor_listed()
    {
        var outside = Directory.CreateTempSubdirectory("coffer-outside-").FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "x", Token);
        Directory.CreateSymbolicLink(_folder.PathOf("folder"), outside);
        File.CreateSymbolicLink(_folder.PathOf("file"), Path.Combine(outside, "secret"));
        await using var store = _folder.Open();

        foreach (var key in (StoreKey[])[StoreKey.Parse("folder/secret"), StoreKey.Parse("file"), StoreKey.Parse("folder/new")])
        {
            foreach (var operation in (Func<Task>[])
            [
                async () => await store.StatAsync(key, Token),
                async () => await store.ReadTextAsync(key, Token),
                async () => await store.PutTextAsync(key, "y", cancellationToken: Token),
                async () => await store.PutTextAsync(key, "y", PutOptions.CreateOnly, Token),
                async () => await store.DeleteAsync(key, Token),
            ])
            {
                var error = await Assert.ThrowsAsync<StoreException>(operation);
                Assert.Equal(StoreErrorKind.InvalidKey, error.Kind);
                Assert.Contains("link", error.Message, StringComparison.Ordinal);
            }
        }
        Assert.False(await store.ListAsync(cancellationToken: Token).AnyAsync(Token));
        Assert.Equal(StoreErrorKind.InvalidKey, (await Assert.ThrowsAsync<StoreException>(async () => await store.ListAsync("folder/", cancellationToken: Token).AnyAsync(Token))).Kind);
        Assert.Equal(["secret"], Directory.GetFiles(outside).Select(Path.GetFileName));
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(outside, "secret"), Token));
        Assert.Empty(_folder.TemporaryFiles);
        Directory.Delete(outside, recursive: true);
    }

    [Fact]
    public async Task A_store_that_is_only_tried_out_leaves_no_folder_that_it_made()
    {
        await using var store = new SftpStore(_folder.Options with { Root = _folder.PathOf("new/deep/root"), Create = true }, TimeProvider.System, static _ => new LocalServer(static (_, _) => Fate.Done));
        // Nothing was made yet, so nothing is asked of the server, which would make the root.
        await store.RemoveTracesAsync(Token);
        for (var round = 0; round < 2; round++)
        {
            await store.PutTextAsync(StoreKey.Parse("a/b"), "1", PutOptions.CreateOnly, Token);
            await store.DeleteAsync(StoreKey.Parse("a/b"), Token);

            Assert.Null(await store.RemoveTracesAsync(Token));

            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Root));
        }
    }

    [Fact]
    public async Task What_was_there_before_or_is_in_use_stays_when_traces_are_removed()
    {
        Directory.CreateDirectory(_folder.Hidden);
        await using (var before = _folder.Open())
        {
            await before.PutTextAsync(StoreKey.Parse("a"), "1", cancellationToken: Token);
            await before.DeleteAsync(StoreKey.Parse("a"), Token);
            await before.RemoveTracesAsync(Token);
        }
        Assert.True(Directory.Exists(_folder.Hidden));

        await using var used = new SftpStore(_folder.Options with { Root = _folder.PathOf("new"), Create = true }, TimeProvider.System, static _ => new LocalServer(static (_, _) => Fate.Done));
        await used.PutTextAsync(StoreKey.Parse("a"), "1", cancellationToken: Token);
        await used.RemoveTracesAsync(Token);
        Assert.Equal("1", await used.ReadTextAsync(StoreKey.Parse("a"), Token));
    }

    [Fact]
    public async Task The_root_itself_may_be_a_link()
    {
        using var real = new LocalFolder();
        Directory.CreateSymbolicLink(_folder.PathOf("link"), real.Root);
        await using var store = new SftpStore(_folder.Options with { Root = _folder.PathOf("link") }, TimeProvider.System, static _ => new LocalServer(static (_, _) => Fate.Done));

        await store.PutTextAsync(StoreKey.Parse("a"), "x", cancellationToken: Token);

        Assert.True(File.Exists(real.PathOf("a")));
    }

    [Fact]
    public async Task Only_temporary_files_that_nobody_can_still_be_writing_are_swept()
    {
        Directory.CreateDirectory(_folder.Hidden);
        foreach (var (name, age) in (ReadOnlySpan<(string, int)>)[("put-old", 25), ("put-new", 23), ("other", 99)])
        {
            File.WriteAllText(Path.Combine(_folder.Hidden, name), "x");
            File.SetLastWriteTimeUtc(Path.Combine(_folder.Hidden, name), DateTime.UtcNow.AddHours(-age));
        }
        await using (var store = _folder.Open())
        {
            await store.PutTextAsync(StoreKey.Parse("a"), "x", cancellationToken: Token);
            for (var wait = Stopwatch.StartNew(); File.Exists(Path.Combine(_folder.Hidden, "put-old")) && wait.Elapsed < TimeSpan.FromSeconds(20);)
                await Task.Delay(5, Token);
            Assert.Equal(["a"], await store.ListAsync(cancellationToken: Token).Select(static entry => entry.Name).ToListAsync(Token));
        }

        Assert.Equal(["other", "put-new"], _folder.TemporaryFiles.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_system_that_confuses_upper_and_lower_case_gets_lower_case_keys_only()
    {
        // As such a file system would answer: the hidden folder is there in upper case, too.
        Directory.CreateDirectory(_folder.PathOf(".COFFER-TMP"));
        await using var store = _folder.Open();

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(StoreKey.Parse("Upper"), "x", cancellationToken: Token));

        Assert.Equal(StoreErrorKind.InvalidKey, error.Kind);
        await store.PutTextAsync(StoreKey.Parse("lower"), "x", cancellationToken: Token);
        Assert.Empty(_folder.TemporaryFiles);
    }

    [Fact]
    public async Task Names_that_are_no_keys_are_not_listed()
    {
        await File.WriteAllTextAsync(_folder.PathOf("good"), "x", Token);
        await File.WriteAllTextAsync(_folder.PathOf("back\\slash"), "x", Token);
        await TestSshd.RunAsync("bash", "-c", $"touch '{_folder.Root}'/$'not-utf8-\\xff'; mkfifo '{_folder.PathOf("pipe")}'");
        await using var store = _folder.Open();

        Assert.Equal(["good"], await store.ListAsync(cancellationToken: Token).Select(static entry => entry.Name).ToListAsync(Token));

        await TestSshd.RunAsync("bash", "-c", $"rm -f '{_folder.Root}'/*");
    }

    /// <summary>This test and the next mount a file system, which needs root.</summary>
    [Fact]
    public async Task A_full_disk_is_QuotaExceeded_and_leaves_what_was()
    {
        await MountAsync("size=2m");
        await using var store = _folder.Open();
        await store.PutBytesAsync(StoreKey.Parse("old"), Pattern.Bytes(1, 1000), cancellationToken: Token);
        foreach (var options in (PutOptions[])[PutOptions.Default, PutOptions.CreateOnly])
        {
            var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutBytesAsync(StoreKey.Parse("new"), new byte[8 << 20], options, Token));
            Assert.Equal((StoreErrorKind.QuotaExceeded, false, "new"), (error.Kind, error.IsTransient, error.Key));
            Assert.Contains("full", error.Message, StringComparison.Ordinal);
        }
        Assert.Empty(_folder.TemporaryFiles);
        Assert.Equal(["old"], await store.ListAsync(cancellationToken: Token).Select(static entry => entry.Name).ToListAsync(Token));
        await store.PutBytesAsync(StoreKey.Parse("new"), Pattern.Bytes(2, 100_000), cancellationToken: Token);
    }

    [Fact]
    public async Task A_read_only_disk_is_PermissionDenied_to_write_and_good_to_read()
    {
        await MountAsync("size=4m");
        await File.WriteAllTextAsync(_folder.PathOf("a"), "x", Token);
        await TestSshd.RunAsync("mount", "-o", "remount,ro", _folder.Root);
        await using var store = _folder.Open();
        foreach (var operation in (Func<Task>[])
        [
            async () => await store.PutTextAsync(StoreKey.Parse("a"), "y", cancellationToken: Token),
            async () => await store.PutTextAsync(StoreKey.Parse("b"), "y", PutOptions.CreateOnly, Token),
            async () => await store.DeleteAsync(StoreKey.Parse("a"), Token),
        ])
        {
            var error = await Assert.ThrowsAsync<StoreException>(operation);
            Assert.Equal(StoreErrorKind.PermissionDenied, error.Kind);
            Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
        }
        Assert.False(store.IsSettled);
        Assert.Equal("x", await store.ReadTextAsync(StoreKey.Parse("a"), Token));
    }

    [Theory]
    [InlineData((uint)StatusCode.PermissionDenied, StoreErrorKind.PermissionDenied), InlineData((uint)StatusCode.NoSpace, StoreErrorKind.QuotaExceeded), InlineData((uint)StatusCode.QuotaExceeded, StoreErrorKind.QuotaExceeded)]
    [InlineData((uint)StatusCode.BadMessage, StoreErrorKind.InvalidKey), InlineData((uint)StatusCode.Unsupported, StoreErrorKind.Unsupported), InlineData((uint)StatusCode.ConnectionLost, StoreErrorKind.Unavailable)]
    [InlineData((uint)StatusCode.NoSuchFile, StoreErrorKind.NotFound), InlineData((uint)StatusCode.Failure, StoreErrorKind.Unexpected)]
    public void Each_code_of_a_server_has_its_kind_and_says_where(uint code, StoreErrorKind kind)
    {
        var error = SftpErrors.From(new SftpStatusException(new SftpStatus((StatusCode)code, "words"), "write", "/path"), new Place(StoreOperation.Put, "key", "sftp://h/x"));

        Assert.Equal((kind, StoreOperation.Put, "key", "sftp://h/x"), (error.Kind, error.Operation, error.Key, error.StoreName));
        Assert.Contains("/path", error.Message, StringComparison.Ordinal);
        Assert.Contains("words", error.Message, StringComparison.Ordinal);
    }

    private async Task MountAsync(string options)
    {
        await TestSshd.RunAsync("mount", "-t", "tmpfs", "-o", options, "coffer-test", _folder.Root);
        _isMounted = true;
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            using var unmount = Process.Start("umount", ["-l", _folder.Root]);
            unmount.WaitForExit();
        }
        _folder.Dispose();
    }
}
