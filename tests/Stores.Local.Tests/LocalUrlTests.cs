namespace Coffer.Stores.Local.Tests;

/// <summary>A URL means what a URL means.</summary>
public sealed class LocalUrlTests
{
    private static LocalStoreOptions Options(string url, params (string Name, string Value)[] settings) => LocalStoreOptions.From(StoreUrl.Parse(url), new StoreContext
    {
        Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.OrdinalIgnoreCase),
    });

    [Theory]
    [InlineData("file:///var/coffer", "/var/coffer")]
    [InlineData("file:///var/coffer/", "/var/coffer")]
    [InlineData("file://localhost/var/coffer", "/var/coffer")]
    [InlineData("FILE:///tmp/x", "/tmp/x")]
    [InlineData("file:///with%20space/%C3%A9%23", "/with space/é#")]
    [InlineData("file:///var/../tmp/x", "/tmp/x")]
    [InlineData("file:///", "/")]
    public void The_path_of_the_URL_is_the_root(string url, string root)
    {
        Assert.Equal(root, Options(url).Root);
        Assert.True(Options(url).Fsync);
    }

    [Fact]
    public async Task A_URL_never_becomes_a_folder_under_the_working_directory()
    {
        using var root = new TemporaryRoot();
        await using var store = new LocalStoreProvider().Open(StoreUrl.Parse($"file://{root.Root}"), new StoreContext());
        await store.PutTextAsync(StoreKey.Parse("a"), "x", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("x", await File.ReadAllTextAsync(root.PathOf("a"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists("file:"));
        Assert.Equal($"file://{root.Root}", store.Name);
    }

    [Theory]
    [InlineData("file://server/share", "server")]
    [InlineData("file://relative", "relative")]
    [InlineData("file://me@localhost/x", "user")]
    [InlineData("file://localhost:80/x", "port")]
    [InlineData("file:///x?fsnc=false", "fsnc")]
    [InlineData("file:///x?fsync=perhaps", "perhaps")]
    [InlineData("file:///x%00y", "NUL")]
    public void What_a_file_store_does_not_know_is_refused_by_name(string url, string named)
    {
        var error = Assert.Throws<StoreException>(() => Options(url));
        Assert.Equal(StoreErrorKind.Unsupported, error.Kind);
        Assert.Equal(StoreOperation.Open, error.Operation);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fsync_is_an_option_and_a_setting_comes_before_it()
    {
        Assert.False(Options("file:///x?fsync=false").Fsync);
        Assert.False(Options("file:///x?FSYNC=False").Fsync);
        Assert.True(Options("file:///x?fsync=false", ("Fsync", "true")).Fsync);
        Assert.Contains("Speed", Assert.Throws<StoreException>(() => Options("file:///x", ("Speed", "9"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_root_is_refused()
    {
        var error = Assert.Throws<StoreException>(() => new LocalStore(new LocalStoreOptions { Root = "relative/path" }));
        Assert.Contains("relative/path", error.Message, StringComparison.Ordinal);
    }
}
