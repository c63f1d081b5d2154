using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>The conformance suite on a real OpenSSH server, bare and through the layers.</summary>
public sealed class SftpConformanceTests
{
    private static readonly StoreCapabilities Capabilities = new() { IfAbsent = true };

    public static TheoryData<string> Rules => [.. StoreConformance.For(Capabilities).Select(static rule => rule.Name)];

    /// <summary>With fsync, and at the sizes that the suite is made for.</summary>
    [Theory, MemberData(nameof(Rules))]
    public Task On_OpenSSH(string rule) => RunAsync(rule, static url => new SftpStoreProvider().Open(StoreUrl.Parse(url), new StoreContext()),
        static store => new ConformanceContext { Store = store });

    /// <summary>At smaller sizes, over one connection.</summary>
    [Theory, MemberData(nameof(Rules))]
    public Task On_OpenSSH_through_the_layers(string rule) => RunAsync(rule, static url => new StoreRegistry([new SftpStoreProvider()]).Open(url + "&fsync=false&connections=1"),
        static store => new ConformanceContext { Store = store, ListedKeys = 1000, Rounds = 5, ModelRuns = 10, LargeBody = 96 << 20 });

    [Fact]
    public async Task The_capabilities_are_those_that_the_suite_was_chosen_for()
    {
        await using var store = new SftpStoreProvider().Open(StoreUrl.Parse(TestServer.Below(TestServer.Sftp, TestServer.FreshName())), new StoreContext());

        Assert.Equal(Capabilities, store.Capabilities);
        Assert.Equal(Capabilities, await store.Find<ICapabilityProbe>()!.ProbeAsync(TestContext.Current.CancellationToken));
    }

    private static async Task RunAsync(string rule, Func<string, IStore> open, Func<IStore, ConformanceContext> context)
    {
        var token = TestContext.Current.CancellationToken;
        await using var store = open(TestServer.Below(TestServer.Sftp, TestServer.FreshName()));
        await StoreConformance.Find(rule).RunAsync(context(store), token);
        var left = await store.ListAsync(cancellationToken: token).Select(static entry => entry.Key).ToListAsync(token);
        await store.DeleteManyAsync(left, token);
    }
}
