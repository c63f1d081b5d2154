using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>A network that breaks off, stalls or is slow, at every stage: what may be done again is done again, and nothing is left behind.</summary>
public sealed class NetworkFaultTests : IAsyncLifetime
{
    private const int Size = 3 << 20;

    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private TestSshd _server = null!;
    private FaultProxy _proxy = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestSshd.StartAsync();
        _proxy = new FaultProxy("127.0.0.1", _server.Port);
    }

    private string Url => $"sftp://{_server.Options.User}@127.0.0.1:{_proxy.Port}{_server.Root}?identityFile={_server.UserKey}&knownHosts={_server.KnownHosts}"
        + $"&sshOptions=HostKeyAlias=[127.0.0.1]:{_server.Port}&connections=1&requestTimeout=1&connectTimeout=2";

    private IStore OpenWithLayers() => new StoreRegistry([new SftpStoreProvider()]).Open(Url);

    /// <summary>The handshake takes about 4,000 bytes each way; then come the session, the body, and what makes it an object.</summary>
    public static TheoryData<long> Stages => [0, 100, 3_000, 3_600, 4_200, 5_000, 300_000, Size - 10_000];

    [Theory, MemberData(nameof(Stages))]
    public async Task A_put_that_is_reset_at_any_stage_is_done_once_by_the_layers(long stage)
    {
        _proxy.Fault = index => index == 0 ? new ConnectionFault { ResetAfterSent = stage } : null;
        await using var store = OpenWithLayers();

        await store.PutBytesAsync(Key, Pattern.Bytes(1, Size), cancellationToken: Token);

        Assert.Equal(Pattern.Bytes(1, Size), await ReadAsync(store));
        Assert.Equal([Key.Value], await store.ListAsync(cancellationToken: Token).Select(static entry => entry.Name).ToListAsync(Token));
        Assert.InRange(_proxy.Accepted, 2, 3);
        Assert.Empty(_server.TemporaryFiles);
    }

    [Theory, MemberData(nameof(Stages))]
    public async Task A_read_that_is_reset_at_any_stage_gives_everything_in_the_end(long stage)
    {
        Directory.CreateDirectory(_server.Root + "/folder");
        await File.WriteAllBytesAsync(_server.Root + "/" + Key, Pattern.Bytes(2, Size), Token);
        _proxy.Fault = index => index == 0 ? new ConnectionFault { ResetAfterReceived = stage } : null;
        await using var store = OpenWithLayers();

        Assert.Equal(Pattern.Bytes(2, Size), await ReadAsync(store));

        Assert.Equal(2, _proxy.Accepted);
    }

    [Theory]
    [InlineData(10, false), InlineData(3_600, false), InlineData(1_000_000, false), InlineData(10, true), InlineData(4_200, true), InlineData(1_000_000, true)]
    public async Task A_connection_that_stalls_is_given_up_and_the_work_is_done_on_another(long stage, bool received)
    {
        _proxy.Fault = index => index > 0 ? null : received ? new ConnectionFault { StallAfterReceived = stage } : new ConnectionFault { StallAfterSent = stage };
        await using var store = OpenWithLayers();

        await store.PutBytesAsync(Key, Pattern.Bytes(3, Size), cancellationToken: Token);

        Assert.Equal(Pattern.Bytes(3, Size), await ReadAsync(store));
    }

    /// <summary>As a caller does: a content that broke off in the middle is read again from its beginning, since weak versions do not let the layers go on.</summary>
    private static async Task<byte[]> ReadAsync(IStore store)
    {
        try
        {
            return await store.ReadBytesAsync(Key, cancellationToken: Token);
        }
        catch (StoreException error) when (error.IsTransient && error.Kind == StoreErrorKind.Unavailable)
        {
            return await store.ReadBytesAsync(Key, cancellationToken: Token);
        }
    }

    [Fact]
    public async Task A_slow_network_is_no_error()
    {
        _proxy.Fault = static _ => new ConnectionFault { BytesPerSecond = 1 << 20 };
        await using var store = new SftpStoreProvider().Open(StoreUrl.Parse(Url), new StoreContext());

        await store.PutBytesAsync(Key, Pattern.Bytes(4, Size / 4), PutOptions.CreateOnly, Token);

        Assert.Equal(Pattern.Bytes(4, Size / 4), await store.ReadBytesAsync(Key, cancellationToken: Token));
        Assert.Equal(1, _proxy.Accepted);
    }

    [Fact]
    public async Task A_server_that_takes_no_connections_for_a_while_is_tried_again()
    {
        await _proxy.RefuseAsync();
        await using var store = OpenWithLayers();
        var putting = store.PutTextAsync(Key, "x", cancellationToken: Token).AsTask();
        await Task.Delay(300, Token);
        _proxy.Resume();

        await putting;

        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }
}
