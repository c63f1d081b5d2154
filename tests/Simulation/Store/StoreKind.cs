using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>What the store of one seed can do.</summary>
/// <param name="Name">How a person would call it.</param>
/// <param name="Capabilities">What it has.</param>
/// <param name="Deletes">Whether it lets anybody delete.</param>
internal sealed record StoreKind(string Name, StoreCapabilities Capabilities, bool Deletes)
{
    private static readonly StoreCapabilities All = new() { IfAbsent = true, IfMatch = true, IfNoneMatch = true, StrongVersions = true, CheapStartAfter = true, StoreTime = true };

    private static readonly (int Weight, StoreKind Kind)[] Kinds =
    [
        (50, new StoreKind("a store that can do all", All, true)),
        (15, new StoreKind("a store without If-Match", All with { IfMatch = false }, true)),
        (20, new StoreKind("a file server", new StoreCapabilities { IfAbsent = true }, true)),
        (10, new StoreKind("a store that refuses deletes", All, false)),
        (5, new StoreKind("a file server that refuses deletes", new StoreCapabilities { IfAbsent = true }, false)),
    ];

    public static StoreKind Draw(SimRandom random) => random.Weighted(Kinds);
}
