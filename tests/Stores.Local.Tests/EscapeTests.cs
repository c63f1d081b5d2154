namespace Coffer.Stores.Local.Tests;

/// <summary>Nothing leads out of the root: links below it are neither followed nor replaced nor listed.</summary>
public sealed class EscapeTests : IDisposable
{
    private readonly TemporaryRoot _root = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public EscapeTests()
    {
        Directory.CreateDirectory(_root.Root);
        Directory.CreateDirectory(_root.Outside);
        File.WriteAllText(Path.Combine(_root.Outside, "secret"), "secret");
    }

    private async Task RefusedAsync(string key)
    {
        var store = _root.Open();
        var parsed = StoreKey.Parse(key);
        foreach (var operation in (Func<Task>[])
        [
            async () => await store.StatAsync(parsed, Token),
            async () => await store.ReadBytesAsync(parsed, cancellationToken: Token),
            async () => await store.PutTextAsync(parsed, "x", cancellationToken: Token),
            async () => await store.PutTextAsync(parsed, "x", PutOptions.CreateOnly, Token),
            async () => await store.DeleteAsync(parsed, Token),
        ])
        {
            var error = await Assert.ThrowsAsync<StoreException>(operation);
            Assert.Equal(StoreErrorKind.InvalidKey, error.Kind);
            Assert.Contains("symbolic link", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal("secret", await File.ReadAllTextAsync(Path.Combine(_root.Outside, "secret"), Token));
        Assert.Single(Directory.GetFiles(_root.Outside));
    }

    [Fact]
    public async Task A_link_to_a_file_outside_is_refused()
    {
        File.CreateSymbolicLink(_root.PathOf("link"), Path.Combine(_root.Outside, "secret"));
        await RefusedAsync("link");
    }

    [Fact]
    public async Task A_link_to_nothing_is_refused()
    {
        File.CreateSymbolicLink(_root.PathOf("link"), Path.Combine(_root.Outside, "none"));
        await RefusedAsync("link");
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_folder_is_refused_also_deep_below()
    {
        Directory.CreateSymbolicLink(_root.PathOf("link"), _root.Outside);
        Directory.CreateDirectory(_root.PathOf("a/b"));
        Directory.CreateSymbolicLink(_root.PathOf("a/b/link"), _root.Outside);
        await RefusedAsync("link/secret");
        await RefusedAsync("a/b/link/secret");
    }

    [Fact]
    public async Task A_link_to_the_inside_is_refused_too()
    {
        await _root.Open().PutTextAsync(StoreKey.Parse("real/object"), "x", cancellationToken: Token);
        Directory.CreateSymbolicLink(_root.PathOf("alias"), _root.PathOf("real"));
        await RefusedAsync("alias/object");
    }

    [Fact]
    public async Task A_hidden_folder_that_is_a_link_is_refused()
    {
        Directory.CreateSymbolicLink(_root.Hidden, _root.Outside);
        var error = await Assert.ThrowsAsync<StoreException>(async () => await _root.Open().PutTextAsync(StoreKey.Parse("a"), "x", cancellationToken: Token));
        Assert.Equal(StoreErrorKind.InvalidKey, error.Kind);
        Assert.Single(Directory.GetFileSystemEntries(_root.Outside));
    }

    [Fact]
    public async Task The_root_itself_may_be_a_link()
    {
        var alias = Path.Combine(_root.Outside, "alias");
        Directory.CreateSymbolicLink(alias, _root.Root);
        var store = new LocalStore(new LocalStoreOptions { Root = alias });
        await store.PutTextAsync(StoreKey.Parse("a/b"), "x", cancellationToken: Token);
        Assert.Equal("x", await _root.Open().ReadTextAsync(StoreKey.Parse("a/b"), Token));
    }

    [Fact]
    public async Task Links_special_files_and_names_that_are_no_keys_are_not_listed()
    {
        var store = _root.Open();
        await store.PutTextAsync(StoreKey.Parse("a/object"), "x", cancellationToken: Token);
        File.CreateSymbolicLink(_root.PathOf("a/link"), Path.Combine(_root.Outside, "secret"));
        Directory.CreateSymbolicLink(_root.PathOf("a/folder-link"), _root.Outside);
        await TemporaryRoot.RunAsync("mkfifo", _root.PathOf("a/pipe"));
        await File.WriteAllTextAsync(_root.PathOf("a/back\\slash"), "x", Token);
        await File.WriteAllTextAsync(_root.PathOf("a/new\nline"), "x", Token);
        // A name that is not UTF-8, beside one that has the character that such names are shown with.
        await TemporaryRoot.RunAsync("sh", "-c", $"cd '{_root.PathOf("a")}' && printf x > \"$(printf 'not-\\377-utf8')\"");
        await store.PutTextAsync(StoreKey.Parse("a/not-\uFFFD-utf8"), "x", cancellationToken: Token);
        Directory.CreateDirectory(_root.PathOf("empty/folders/only"));
        var names = new List<string>();
        await foreach (var entry in store.ListAsync(cancellationToken: Token))
            names.Add(entry.Name);
        Assert.Equal(["a/not-\uFFFD-utf8", "a/object"], names);
        names.Clear();
        await foreach (var entry in store.ListAsync(options: new ListOptions { Shallow = true }, cancellationToken: Token))
            names.Add(entry.Name);
        Assert.Equal(["a/"], names);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_an_object_is_refused_and_waits_for_nobody()
    {
        await TemporaryRoot.RunAsync("mkfifo", _root.PathOf("pipe"));
        var error = await Assert.ThrowsAsync<StoreException>(async () => await _root.Open().ReadBytesAsync(StoreKey.Parse("pipe"), cancellationToken: Token));
        Assert.Equal(StoreErrorKind.InvalidKey, error.Kind);
    }

    public void Dispose() => _root.Dispose();
}
