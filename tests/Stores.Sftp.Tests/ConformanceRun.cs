using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>One case of the conformance suite in a folder of its own on the server of the tests.</summary>
internal static class ConformanceRun
{
    public static readonly StoreCapabilities Capabilities = new() { IfAbsent = true };

    /// <summary>The cases that may run beside others.</summary>
    public static TheoryData<string> Rules => [.. Names.Where(static name => !CountsMemory(name))];

    /// <summary>The cases that look at how much memory this process holds, and so run alone.</summary>
    public static TheoryData<string> MemoryRules => [.. Names.Where(CountsMemory)];

    private static IEnumerable<string> Names => StoreConformance.For(Capabilities).Select(static rule => rule.Name);

    /// <summary>Every second of the cases that may run beside others, for one of two classes that do.</summary>
    public static TheoryData<string> Half(int first) => [.. Names.Where(static name => !CountsMemory(name)).Where((_, i) => i % 2 == first)];

    private static bool CountsMemory(string name) => name.EndsWith("in_bounded_memory", StringComparison.Ordinal);

    /// <summary>A case on the bare store, with fsync, and at the sizes that the suite is made for.</summary>
    public static Task RunBareAsync(string rule) =>
        RunAsync(rule, static url => new SftpStoreProvider().Open(StoreUrl.Parse(url), new StoreContext()), static store => new ConformanceContext { Store = store });

    /// <summary>A case through all layers, at smaller sizes, over one connection.</summary>
    public static Task RunLayeredAsync(string rule) => RunAsync(rule, static url => new StoreRegistry([new SftpStoreProvider()]).Open(url + "&fsync=false&connections=1"),
        static store => new ConformanceContext { Store = store, ListedKeys = 1000, Rounds = 5, ModelRuns = 10, LargeBody = 96 << 20 });

    private static async Task RunAsync(string rule, Func<string, IStore> open, Func<IStore, ConformanceContext> context)
    {
        var token = TestContext.Current.CancellationToken;
        await using var store = open(TestServer.Below(TestServer.Sftp, TestServer.FreshName()));
        await StoreConformance.Find(rule).RunAsync(context(store), token);
        var left = await store.ListAsync(cancellationToken: token).Select(static entry => entry.Key).ToListAsync(token);
        await store.DeleteManyAsync(left, token);
    }
}
