namespace Coffer.Stores.Local.Tests;

public sealed class TemporaryFileTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opening_sweeps_what_is_older_than_a_day_and_nothing_else()
    {
        var store = _root.Open();
        await store.PutTextAsync(StoreKey.Parse("a"), "x", cancellationToken: Token);
        await store.PutTextAsync(StoreKey.Parse("a"), "y", cancellationToken: Token);
        string[] names = ["put-stale", "put-fresh", "lock-00", "something-else"];
        foreach (var name in names)
            await File.WriteAllTextAsync(Path.Combine(_root.Hidden, name), "x", Token);
        foreach (var name in names.Where(static name => name != "put-fresh"))
            File.SetLastWriteTimeUtc(Path.Combine(_root.Hidden, name), DateTime.UtcNow.AddHours(-25));
        File.SetLastWriteTimeUtc(Path.Combine(_root.Hidden, "put-fresh"), DateTime.UtcNow.AddHours(-23));
        _root.Open();
        Assert.Equal(["put-fresh"], _root.TemporaryFiles.Select(Path.GetFileName));
        Assert.True(File.Exists(Path.Combine(_root.Hidden, "lock-00")));
        Assert.True(File.Exists(Path.Combine(_root.Hidden, "something-else")));
        Assert.Equal("y", await store.ReadTextAsync(StoreKey.Parse("a"), Token));
    }

    [Fact]
    public async Task Temporary_files_are_never_listed_and_no_key_reaches_them()
    {
        var store = _root.Open();
        await store.PutTextAsync(StoreKey.Parse("a"), "x", cancellationToken: Token);
        await File.WriteAllTextAsync(Path.Combine(_root.Hidden, "put-1"), "x", Token);
        foreach (var prefix in (string[])["", ".", ".coffer-tmp", ".coffer-tmp/", ".coffer-tmp/put"])
        {
            foreach (var shallow in (bool[])[false, true])
            {
                await foreach (var entry in store.ListAsync(prefix, new ListOptions { Shallow = shallow }, Token))
                    Assert.Equal("a", entry.Name);
            }
        }
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.StatAsync(StoreKey.Parse(".coffer-tmp/put-1"), Token));
        Assert.Equal(StoreErrorKind.InvalidKey, error.Kind);
    }

    [Fact]
    public async Task A_put_whose_temporary_file_is_removed_by_others_fails_and_leaves_the_old_object()
    {
        var store = _root.Open();
        await store.PutTextAsync(StoreKey.Parse("a"), "old", cancellationToken: Token);
        foreach (var options in (PutOptions[])[PutOptions.Default, PutOptions.CreateOnly])
        {
            var body = ObjectBody.FromStream(new Testing.PatternStream(1, 10, reading: _ => Array.ForEach(_root.TemporaryFiles, File.Delete)), 10);
            var key = StoreKey.Parse(options == PutOptions.Default ? "a" : "b");
            var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync(key, body, options, Token));
            Assert.Equal(StoreErrorKind.Unavailable, error.Kind);
            Assert.Contains(".coffer-tmp", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal("old", await store.ReadTextAsync(StoreKey.Parse("a"), Token));
        Assert.Null(await store.StatAsync(StoreKey.Parse("b"), Token));
    }

    [Fact]
    public async Task The_store_goes_on_when_its_hidden_folder_or_its_root_is_removed()
    {
        var store = _root.Open();
        await store.PutTextAsync(StoreKey.Parse("a/b"), "1", cancellationToken: Token);
        Directory.Delete(_root.Hidden, recursive: true);
        await store.PutTextAsync(StoreKey.Parse("a/b"), "2", cancellationToken: Token);
        Directory.Delete(_root.Root, recursive: true);
        Assert.Null(await store.StatAsync(StoreKey.Parse("a/b"), Token));
        Assert.False(await store.ListAsync(cancellationToken: Token).AnyAsync(Token));
        await store.DeleteAsync(StoreKey.Parse("a/b"), Token);
        Assert.False(Directory.Exists(_root.Root));
        await store.PutTextAsync(StoreKey.Parse("a/b"), "3", PutOptions.CreateOnly, Token);
        Assert.Equal("3", await store.ReadTextAsync(StoreKey.Parse("a/b"), Token));
    }

    public static TheoryData<bool> Disks => OperatingSystem.IsLinux() ? [false, true] : [true];

    private LocalStore OpenAt(string root, bool portable)
    {
        var options = new LocalStoreOptions { Root = root, Fsync = false };
        return portable ? new LocalStore(options, static (options, name) => new PortableDisk(options, name, new KeyRules(Windows: OperatingSystem.IsWindows(), FoldsCase: false))) : new LocalStore(options);
    }

    [Theory]
    [MemberData(nameof(Disks))]
    public async Task A_store_that_is_only_tried_out_leaves_no_folder_that_it_made(bool portable)
    {
        Directory.CreateDirectory(_root.Root);
        await using var store = OpenAt(_root.PathOf("new/deep/root"), portable);
        await store.RemoveTracesAsync(Token);
        for (var round = 0; round < 2; round++)
        {
            await store.PutTextAsync(StoreKey.Parse("a/b"), "1", cancellationToken: Token);
            await store.PutTextAsync(StoreKey.Parse("a/b"), "2", cancellationToken: Token);
            await store.DeleteAsync(StoreKey.Parse("a/b"), Token);

            Assert.Null(await store.RemoveTracesAsync(Token));

            Assert.Empty(Directory.EnumerateFileSystemEntries(_root.Root));
        }
    }

    [Theory]
    [MemberData(nameof(Disks))]
    public async Task What_was_there_before_or_is_in_use_stays_when_traces_are_removed(bool portable)
    {
        Directory.CreateDirectory(_root.Hidden);
        await using (var before = OpenAt(_root.Root, portable))
        {
            await before.PutTextAsync(StoreKey.Parse("a"), "1", cancellationToken: Token);
            await before.DeleteAsync(StoreKey.Parse("a"), Token);
            await before.RemoveTracesAsync(Token);
        }
        Assert.True(Directory.Exists(_root.Hidden));

        await using var used = OpenAt(_root.PathOf("new"), portable);
        await used.PutTextAsync(StoreKey.Parse("a"), "1", cancellationToken: Token);
        await used.RemoveTracesAsync(Token);
        Assert.Equal("1", await used.ReadTextAsync(StoreKey.Parse("a"), Token));
    }

    [Fact]
    public async Task Deleting_leaves_no_empty_folders_and_keeps_those_in_use()
    {
        var store = _root.Open();
        await store.PutTextAsync(StoreKey.Parse("a/b/c/d"), "x", cancellationToken: Token);
        await store.PutTextAsync(StoreKey.Parse("a/x"), "x", cancellationToken: Token);
        await store.DeleteAsync(StoreKey.Parse("a/b/c/d"), Token);
        Assert.False(Directory.Exists(_root.PathOf("a/b")));
        Assert.True(Directory.Exists(_root.PathOf("a")));
        await store.DeleteManyAsync([StoreKey.Parse("a/x")], Token);
        Assert.False(Directory.Exists(_root.PathOf("a")));
    }

    public void Dispose() => _root.Dispose();
}
