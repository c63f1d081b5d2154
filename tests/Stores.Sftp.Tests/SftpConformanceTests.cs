using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>The conformance suite on a real OpenSSH server; <see cref="OtherConformanceTests"/> has the other half of it.</summary>
public sealed class SftpConformanceTests
{
    public static TheoryData<string> Rules => ConformanceRun.Half(0);

    [Theory, MemberData(nameof(Rules))]
    public Task On_OpenSSH(string rule) => ConformanceRun.RunBareAsync(rule);

    [Fact]
    public async Task The_capabilities_are_those_that_the_suite_was_chosen_for()
    {
        await using var store = new SftpStoreProvider().Open(StoreUrl.Parse(TestServer.Below(TestServer.Sftp, TestServer.FreshName())), new StoreContext());

        Assert.Equal(ConformanceRun.Capabilities, store.Capabilities);
        Assert.Equal(ConformanceRun.Capabilities, await store.Find<ICapabilityProbe>()!.ProbeAsync(TestContext.Current.CancellationToken));
    }
}
