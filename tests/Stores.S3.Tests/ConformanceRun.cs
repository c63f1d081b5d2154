using Coffer.Testing;

namespace Coffer.Stores.S3.Tests;

/// <summary>One case of the conformance suite on a real server. Its sizes are small here, so that it takes little time; <c>COFFER_TEST_SIZES=full</c> takes those of the suite itself.</summary>
internal static class ConformanceRun
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("COFFER_TEST_SIZES") == "full";

    /// <summary>The cases that may run beside others.</summary>
    public static TheoryData<string> Rules => [.. Names.Where(static name => !CountsMemory(name))];

    /// <summary>The cases that look at how much memory this process holds, and so run alone.</summary>
    public static TheoryData<string> MemoryRules => [.. Names.Where(CountsMemory)];

    private static IEnumerable<string> Names => StoreConformance.For(new S3Store(new S3StoreOptions { Bucket = "any" }).Capabilities).Select(static rule => rule.Name);

    private static bool CountsMemory(string name) => name.EndsWith("in_bounded_memory", StringComparison.Ordinal);

    /// <summary>A case on the bare store.</summary>
    public static async Task RunBareAsync(string rule)
    {
        await using var place = new TestPlace();
        await using var store = new S3StoreProvider().Open(StoreUrl.Parse(TestServer.S3), new StoreContext());
        await RunAsync(rule, store, place.Name + "/");
    }

    /// <summary>A case through all layers, below a prefix.</summary>
    public static async Task RunLayeredAsync(string rule)
    {
        await using var place = new TestPlace();
        await using var store = new StoreRegistry([new S3StoreProvider()]).Open(place.Url);
        await RunAsync(rule, store, "");
    }

    private static Task RunAsync(string rule, IStore store, string prefix) => StoreConformance.Find(rule).RunAsync(Context(store, prefix), TestPlace.Token);

    private static ConformanceContext Context(IStore store, string prefix) => Full
        ? new ConformanceContext { Store = store, Prefix = prefix }
        : new ConformanceContext { Store = store, Prefix = prefix, ListedKeys = 1_100, Rounds = 5, ModelRuns = 6, LargeBody = 96L << 20 };
}
