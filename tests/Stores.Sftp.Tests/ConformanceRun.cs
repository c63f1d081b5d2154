using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>One case of the conformance suite in a folder of its own on the server of the tests.</summary>
internal static class ConformanceRun
{
    public static readonly StoreCapabilities Capabilities = new() { IfAbsent = true };

    public static TheoryData<string> Rules => [.. StoreConformance.For(Capabilities).Select(static rule => rule.Name)];

    /// <summary>Every second case, for one of two classes that run beside each other.</summary>
    public static TheoryData<string> Half(int first) => [.. StoreConformance.For(Capabilities).Select(static rule => rule.Name).Where((_, i) => i % 2 == first)];

    /// <summary>A case on the bare store, with fsync, and at the sizes that the suite is made for.</summary>
    public static Task RunBareAsync(string rule) =>
        RunAsync(rule, static url => new SftpStoreProvider().Open(StoreUrl.Parse(url), new StoreContext()), static store => new ConformanceContext { Store = store });

    public static async Task RunAsync(string rule, Func<string, IStore> open, Func<IStore, ConformanceContext> context)
    {
        var token = TestContext.Current.CancellationToken;
        await using var store = open(TestServer.Below(TestServer.Sftp, TestServer.FreshName()));
        await StoreConformance.Find(rule).RunAsync(context(store), token);
        var left = await store.ListAsync(cancellationToken: token).Select(static entry => entry.Key).ToListAsync(token);
        await store.DeleteManyAsync(left, token);
    }
}
