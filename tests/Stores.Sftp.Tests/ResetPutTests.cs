using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>A network that breaks off at every stage of a put: it is done once, and nothing is left behind.</summary>
public sealed class ResetPutTests : FaultyNetwork
{
    /// <summary>The handshake takes about 4,000 bytes each way; then come the session, the body, and what makes it an object.</summary>
    public static TheoryData<long> Stages => [0, 100, 3_000, 3_600, 4_200, 5_000, 300_000, Size - 10_000];

    [Theory, MemberData(nameof(Stages))]
    public async Task A_put_that_is_reset_at_any_stage_is_done_once_by_the_layers(long stage)
    {
        Proxy.Fault = index => index == 0 ? new ConnectionFault { ResetAfterSent = stage } : null;
        await using var store = OpenWithLayers();

        await store.PutBytesAsync(Key, Pattern.Bytes(1, Size), cancellationToken: Token);

        Assert.Equal(Pattern.Bytes(1, Size), await ReadAsync(store));
        Assert.Equal([Key.Value], await store.ListAsync(cancellationToken: Token).Select(static entry => entry.Name).ToListAsync(Token));
        Assert.InRange(Proxy.Accepted, 2, 3);
        Assert.Empty(TemporaryFiles);
    }

    [Theory]
    [InlineData(0), InlineData(4_200), InlineData(Size - 10_000)]
    public async Task A_create_only_put_that_is_reset_before_its_name_was_asked_for_is_done_once_by_the_layers(long stage)
    {
        Proxy.Fault = index => index == 0 ? new ConnectionFault { ResetAfterSent = stage } : null;
        await using var store = OpenWithLayers();

        await store.PutBytesAsync(Key, Pattern.Bytes(1, Size), PutOptions.CreateOnly, Token);

        Assert.Equal(Pattern.Bytes(1, Size), await ReadAsync(store));
        Assert.Equal(StoreErrorKind.AlreadyExists, (await Assert.ThrowsAsync<StoreException>(async () => await store.PutTextAsync(Key, "x", PutOptions.CreateOnly, Token))).Kind);
        Assert.Empty(TemporaryFiles);
    }
}
