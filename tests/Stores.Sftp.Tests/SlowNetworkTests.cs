using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>A network that is slow, or takes nobody for a while.</summary>
public sealed class SlowNetworkTests : FaultyNetwork
{
    [Fact]
    public async Task A_slow_network_is_no_error()
    {
        Proxy.Fault = static _ => new ConnectionFault { BytesPerSecond = 1 << 20 };
        await using var store = new SftpStoreProvider().Open(StoreUrl.Parse(Url), new StoreContext());

        await store.PutBytesAsync(Key, Pattern.Bytes(4, Size / 4), PutOptions.CreateOnly, Token);

        Assert.Equal(Pattern.Bytes(4, Size / 4), await store.ReadBytesAsync(Key, cancellationToken: Token));
        Assert.Equal(1, Proxy.Accepted);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_server_that_takes_no_connections_for_a_while_is_tried_again(bool createOnly)
    {
        await Proxy.RefuseAsync();
        await using var store = OpenWithLayers();
        var putting = store.PutTextAsync(Key, "x", createOnly ? PutOptions.CreateOnly : null, Token).AsTask();
        await Task.Delay(300, Token);
        Proxy.Resume();

        await putting;

        Assert.Equal("x", await store.ReadTextAsync(Key, Token));
    }
}
