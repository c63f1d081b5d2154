using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

/// <summary>The conformance suite over the store in memory: bare, and through all layers as the registry composes them.</summary>
public sealed class ConformanceTests
{
    private static readonly IReadOnlyDictionary<string, Func<IStore>> Stores = new SortedDictionary<string, Func<IStore>>(StringComparer.Ordinal)
    {
        ["memory"] = Memory,
        ["a malicious store whose only lie is none"] = () =>
        {
            var store = new MaliciousStore(Memory());
            store.Tell(Lies.Misdescribe(static info => info));
            return store;
        },
        ["all layers"] = () => new StoreRegistry(new MemoryStoreProvider()).Open("mem://all"),
        ["all layers, below a prefix"] = () => new StoreRegistry(new MemoryStoreProvider()).Open("mem://all", new StoreOpenOptions { Prefix = StoreKey.Parse("x") }),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (name, open) in Stores)
            {
                foreach (var rule in StoreConformance.For(open().Capabilities))
                    cases.Add(name, rule.Name);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Keeps(string store, string rule)
    {
        await using var opened = Stores[store]();
        // A store in memory holds a large body whatever its size, so a smaller one will do.
        await StoreConformance.Find(rule).RunAsync(new ConformanceContext { Store = opened, HasBoundedMemory = false, LargeBody = 32 << 20 }, TestContext.Current.CancellationToken);
    }

    private static MemoryStore Memory() => new("conformance");
}
