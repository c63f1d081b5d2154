using System.Diagnostics;
using Coffer.Testing;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>What happens to sessions with a real server: they end, hang, come back, and leave no process behind.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private TestSshd _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestSshd.StartAsync();

    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_of_a_put_fails_it_and_the_next_one_works_when_it_is_back()
    {
        await using var store = new SftpStore(_server.Options with { Connections = 1 });
        await store.PutTextAsync(Key, "old", cancellationToken: Token);
        var source = new PatternStream(1, 64 << 20, reading: position =>
        {
            if (position > 8 << 20)
                _server.Kill();
        }, most: 1 << 20);

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync(Key, ObjectBody.FromStream(source), cancellationToken: Token));
        Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));
        Assert.Contains("ssh said", error.Message, StringComparison.Ordinal);
        Assert.Contains("refused", (await Assert.ThrowsAsync<StoreException>(async () => await store.StatAsync(Key, Token))).Message, StringComparison.Ordinal);

        await _server.StartAgainAsync();
        Assert.Equal("old", await store.ReadTextAsync(Key, Token));
        Assert.Empty(_server.TemporaryFiles);
    }

    [Fact]
    public async Task Through_the_layers_a_server_that_is_killed_and_started_again_is_not_noticed()
    {
        await using var store = new StoreRegistry([new SftpStoreProvider()]).Open(
            $"sftp://{_server.Options.User}@127.0.0.1:{_server.Port}{_server.Root}?identityFile={_server.UserKey}&knownHosts={_server.KnownHosts}");
        var killed = false;
        var bytes = Pattern.Bytes(2, 32 << 20);
        var restarted = Task.CompletedTask;
        var body = ObjectBody.FromSource(_ => ValueTask.FromResult<Stream>(new PatternStream(2, 32 << 20, reading: position =>
        {
            if (position < 8 << 20 || killed)
                return;
            killed = true;
            _server.Kill();
            restarted = _server.StartAgainAsync();
        }, most: 1 << 20)), bytes.Length, canReopen: true);

        await store.PutAsync(Key, body, cancellationToken: Token);

        await restarted;
        Assert.True(killed);
        Assert.Equal(bytes, await store.ReadBytesAsync(Key, cancellationToken: Token));
        Assert.Empty(_server.TemporaryFiles);
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_of_a_read_fails_it_and_the_next_one_works()
    {
        await File.WriteAllBytesAsync(_server.Root + "/large", Pattern.Bytes(3, 32 << 20), Token);
        await using var store = new StoreRegistry([new SftpStoreProvider()]).Open(
            $"sftp://{_server.Options.User}@127.0.0.1:{_server.Port}{_server.Root}?identityFile={_server.UserKey}&knownHosts={_server.KnownHosts}");
        await using var reader = await store.OpenReadAsync(StoreKey.Parse("large"), cancellationToken: Token);
        var found = new byte[32 << 20];
        await reader.Content.ReadExactlyAsync(found.AsMemory(0, 1 << 20), Token);

        _server.Kill();
        await _server.StartAgainAsync();
        // It does not go on where it stopped: versions are weak, so it might be another object by now.
        var error = await Assert.ThrowsAsync<StoreException>(async () => await reader.Content.ReadExactlyAsync(found.AsMemory(1 << 20), Token));

        Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));
        Assert.Equal(Pattern.Bytes(3, 32 << 20), await store.ReadBytesAsync(StoreKey.Parse("large"), cancellationToken: Token));
    }

    [Fact]
    public async Task An_idle_connection_that_the_server_ended_is_replaced_without_an_error()
    {
        await using var store = new SftpStore(_server.Options);
        await store.PutTextAsync(Key, "x", cancellationToken: Token);
        _server.Kill();
        await _server.StartAgainAsync();
        await Until(() => Children() == 0);

        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
    }

    [Fact]
    public async Task An_SFTP_server_that_hangs_is_given_up_after_the_time_limit_of_a_request()
    {
        await using var store = new SftpStore(_server.Options with { RequestTimeout = TimeSpan.FromMilliseconds(500), Connections = 1 });
        await store.PutTextAsync(Key, "x", cancellationToken: Token);
        _server.SignalSftpServers("STOP");

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.StatAsync(Key, Token));

        Assert.Equal((StoreErrorKind.Unavailable, true, Key.Value), (error.Kind, error.IsTransient, error.Key));
        Assert.Contains("requestTimeout", error.Message, StringComparison.Ordinal);
        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
        _server.SignalSftpServers("CONT");
    }

    [Theory]
    [InlineData("stat"), InlineData("read"), InlineData("put"), InlineData("delete"), InlineData("list")]
    public async Task A_cancelled_operation_ends_although_the_server_hangs(string operation)
    {
        var store = new SftpStore(_server.Options with { Connections = 1 });
        await store.PutTextAsync(Key, "x", cancellationToken: Token);
        _server.SignalSftpServers("STOP");
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await (operation switch
        {
            "stat" => store.StatAsync(Key, cancel.Token).AsTask(),
            "read" => store.OpenReadAsync(Key, cancellationToken: cancel.Token).AsTask(),
            "put" => store.PutTextAsync(Key, "y", cancellationToken: cancel.Token).AsTask(),
            "delete" => store.DeleteAsync(Key, cancel.Token).AsTask(),
            _ => store.ListAsync(cancellationToken: cancel.Token).CountAsync(Token).AsTask(),
        }));

        Assert.True(cancel.IsCancellationRequested, error.ToString());
        // Disposing ends a session that hangs, too.
        await store.DisposeAsync();
        await Until(() => Children() == 0);
        _server.SignalSftpServers("CONT");
    }

    [Fact]
    public async Task No_ssh_is_left_when_the_store_is_disposed()
    {
        var store = new SftpStore(_server.Options with { Connections = 3 });
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async i => await store.PutBytesAsync(StoreKey.Parse($"{i}"), new byte[100_000], cancellationToken: Token)));
        Assert.InRange(Children(), 1, 3);

        await store.DisposeAsync();

        await Until(() => Children() == 0);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.StatAsync(Key, Token));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_was_never_used_starts_nothing()
    {
        await using var store = new SftpStore(_server.Options);

        Assert.Equal(0, Children());
    }

    private int Children() => _server.Clients().Length;

    private static async Task Until(Func<bool> condition)
    {
        for (var wait = Stopwatch.StartNew(); !condition(); await Task.Delay(10))
            Assert.True(wait.Elapsed < TimeSpan.FromSeconds(20), "it did not come so far");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
