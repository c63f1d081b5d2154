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

    [Fact]
    public async Task Progress_counts_what_the_server_answered_for_and_not_what_is_on_the_way()
    {
        const int Through = 1_000_000;
        Proxy.Fault = static _ => new ConnectionFault { StallAfterSent = Through };
        await using var store = new SftpStoreProvider().Open(StoreUrl.Parse(Url), new StoreContext());
        var progress = new ProgressLog();

        await Assert.ThrowsAsync<StoreException>(async () => await store.PutBytesAsync(Key, Pattern.Bytes(3, Size), new PutOptions { Progress = progress }, Token));

        Assert.InRange(progress.Values.Max(), 1, Through);
    }
}
