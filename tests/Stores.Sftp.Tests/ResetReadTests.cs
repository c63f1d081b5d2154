using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>A network that breaks off at every stage of a read.</summary>
public sealed class ResetReadTests : FaultyNetwork
{
    public static TheoryData<long> Stages => ResetPutTests.Stages;

    [Theory, MemberData(nameof(Stages))]
    public async Task A_read_that_is_reset_at_any_stage_gives_everything_in_the_end(long stage)
    {
        Directory.CreateDirectory(Root + "/folder");
        await File.WriteAllBytesAsync(Root + "/" + Key, Pattern.Bytes(2, Size), Token);
        Proxy.Fault = index => index == 0 ? new ConnectionFault { ResetAfterReceived = stage } : null;
        await using var store = OpenWithLayers();

        Assert.Equal(Pattern.Bytes(2, Size), await ReadAsync(store));

        Assert.Equal(2, Proxy.Accepted);
    }
}
