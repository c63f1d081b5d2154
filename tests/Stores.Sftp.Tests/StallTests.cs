using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>A network that stalls: what waits is given up, and done on another connection.</summary>
public sealed class StallTests : FaultyNetwork
{
    protected override int RequestTimeout => 1;

    [Theory]
    [InlineData(10, false), InlineData(3_600, false), InlineData(1_000_000, false), InlineData(10, true), InlineData(4_200, true), InlineData(1_000_000, true)]
    public async Task A_connection_that_stalls_is_given_up_and_the_work_is_done_on_another(long stage, bool received)
    {
        Proxy.Fault = index => index > 0 ? null : received ? new ConnectionFault { StallAfterReceived = stage } : new ConnectionFault { StallAfterSent = stage };
        await using var store = OpenWithLayers();

        await store.PutBytesAsync(Key, Pattern.Bytes(3, Size), cancellationToken: Token);

        Assert.Equal(Pattern.Bytes(3, Size), await ReadAsync(store));
    }
}
