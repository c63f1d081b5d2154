using Coffer.Testing;

namespace Coffer.Stores.Local.Tests;

/// <summary>A full disk and a read-only one, as file systems of their own. These tests need the right to mount, and fail without it.</summary>
public sealed class DiskErrorTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_full_disk_is_QuotaExceeded_and_leaves_what_was(bool known)
    {
        await _root.MountAsync("-t", "tmpfs", "-o", "size=1m", "coffer-test");
        var store = _root.Open();
        var (old, absent) = (StoreKey.Parse("folder/old"), StoreKey.Parse("folder/new"));
        await store.PutBytesAsync(old, Pattern.Bytes(1, 1000), cancellationToken: Token);
        foreach (var key in (StoreKey[])[old, absent])
        {
            var error = await Assert.ThrowsAsync<StoreException>(async () =>
                await store.PutAsync(key, ObjectBody.FromStream(new PatternStream(2, 4 << 20), known ? 4 << 20 : null), cancellationToken: Token));
            Assert.Equal(StoreErrorKind.QuotaExceeded, error.Kind);
            Assert.False(error.IsTransient);
            Assert.Equal(key.Value, error.Key);
            Assert.Contains("full", error.Message, StringComparison.Ordinal);
            Assert.Contains(_root.Root, error.Message, StringComparison.Ordinal);
        }
        var created = await Assert.ThrowsAsync<StoreException>(async () => await store.PutBytesAsync(absent, new byte[4 << 20], PutOptions.CreateOnly, Token));
        Assert.Equal((StoreErrorKind.QuotaExceeded, true), (created.Kind, created.HadNoEffect));
        Assert.Empty(_root.TemporaryFiles);
        Assert.Equal(Pattern.Bytes(1, 1000), await store.ReadBytesAsync(old, cancellationToken: Token));
        Assert.Null(await store.StatAsync(absent, Token));
        // The room comes back when the last copy of the file's handle is closed; a process that another test starts at this moment holds one until it runs.
        while (new DriveInfo(_root.Root).AvailableFreeSpace < 500_000)
            await Task.Delay(20, Token);
        await store.PutBytesAsync(absent, Pattern.Bytes(3, 100_000), cancellationToken: Token);
    }

    [Fact]
    public async Task A_disk_without_room_for_another_name_is_QuotaExceeded()
    {
        await _root.MountAsync("-t", "tmpfs", "-o", "size=1m,nr_inodes=8", "coffer-test");
        var store = _root.Open();
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(StoreKey.Parse("a/b/c/d/e/f/g/h/i/j"), "x", cancellationToken: Token));
        Assert.Equal(StoreErrorKind.QuotaExceeded, error.Kind);
        Assert.False(await store.ListAsync(cancellationToken: Token).AnyAsync(Token));
        Assert.Empty(_root.TemporaryFiles);
    }

    [Fact]
    public async Task A_read_only_disk_is_PermissionDenied_to_write_and_good_to_read()
    {
        await _root.MountAsync("-t", "tmpfs", "-o", "size=1m", "coffer-test");
        await _root.Open().PutTextAsync(StoreKey.Parse("folder/a"), "x", cancellationToken: Token);
        File.SetLastWriteTimeUtc(CreateStale(), DateTime.UtcNow.AddDays(-2));
        await _root.MountAsync("-o", "remount,ro");
        var store = _root.Open();
        foreach (var operation in (Func<Task>[])
        [
            async () => await store.PutTextAsync(StoreKey.Parse("folder/a"), "y", cancellationToken: Token),
            async () => await store.PutTextAsync(StoreKey.Parse("folder/b"), "y", PutOptions.CreateOnly, Token),
            async () => await store.DeleteAsync(StoreKey.Parse("folder/a"), Token),
        ])
        {
            var error = await Assert.ThrowsAsync<StoreException>(operation);
            Assert.Equal(StoreErrorKind.PermissionDenied, error.Kind);
            Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
        }
        await store.DeleteAsync(StoreKey.Parse("folder/none"), Token);
        Assert.Equal("x", await store.ReadTextAsync(StoreKey.Parse("folder/a"), Token));
        Assert.Equal("folder/a", (await store.ListAsync(cancellationToken: Token).SingleAsync(Token)).Name);
    }

    private string CreateStale()
    {
        var path = Path.Combine(_root.Hidden, "put-stale");
        File.WriteAllText(path, "x");
        return path;
    }

    [Theory]
    [InlineData(Errno.NoSpace, StoreErrorKind.QuotaExceeded), InlineData(Errno.QuotaExceeded, StoreErrorKind.QuotaExceeded)]
    [InlineData(Errno.AccessDenied, StoreErrorKind.PermissionDenied), InlineData(Errno.NotPermitted, StoreErrorKind.PermissionDenied), InlineData(Errno.ReadOnlyFileSystem, StoreErrorKind.PermissionDenied)]
    [InlineData(Errno.InputOutput, StoreErrorKind.Unavailable), InlineData(Errno.StaleHandle, StoreErrorKind.Unavailable), InlineData(Errno.TooManyOpenFiles, StoreErrorKind.Unavailable)]
    [InlineData(Errno.NotFolder, StoreErrorKind.InvalidKey), InlineData(Errno.IsFolder, StoreErrorKind.InvalidKey), InlineData(Errno.NameTooLong, StoreErrorKind.InvalidKey)]
    [InlineData(12345, StoreErrorKind.Unexpected)]
    public void Each_error_of_the_system_has_its_kind_and_says_where(int errno, StoreErrorKind kind)
    {
        var place = new Place(StoreOperation.Put, "key", "file:///store");
        foreach (var error in (StoreException[])
        [
            LocalErrors.FromErrno(errno, "write", "/path/to/file", place),
            LocalErrors.FromException(new IOException("message", errno), "write", "/path/to/file", place),
        ])
        {
            if (errno < 4096)
                Assert.Equal(kind, error.Kind);
            Assert.Contains("/path/to/file", error.Message, StringComparison.Ordinal);
            Assert.Equal(("key", "file:///store", StoreOperation.Put), (error.Key, error.StoreName, error.Operation));
        }
    }

    [Fact]
    public async Task A_root_that_is_a_file_is_refused_with_its_path()
    {
        await File.WriteAllTextAsync(_root.Root, "x", Token);
        var error = Assert.Throws<StoreException>(() => _root.Open());
        Assert.Contains(_root.Root, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _root.Dispose();
}
