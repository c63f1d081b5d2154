namespace Coffer.Testing;

/// <summary>What a conformance case runs on.</summary>
public sealed class ConformanceContext
{
    /// <summary>The store. It stays open, and belongs to whoever made the context.</summary>
    public required IStore Store { get; init; }

    /// <summary>
    /// What all keys of the case begin with. Nothing is there yet, and nobody else works there. Empty for a store of the case's own; else it
    /// ends with a <c>/</c> and has at most 64 bytes.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>How many keys the large listing has. Lower it only where each put costs money or much time.</summary>
    public int ListedKeys { get; init; } = 10_000;

    /// <summary>How many rounds a race has.</summary>
    public int Rounds { get; init; } = 50;

    /// <summary>How many writers race.</summary>
    public int Writers { get; init; } = 20;

    /// <summary>The size of the large bodies, in bytes.</summary>
    public long LargeBody { get; init; } = 256L << 20;

    /// <summary>Whether the store takes and gives large bodies without holding them. Only a store in memory does not.</summary>
    public bool HasBoundedMemory { get; init; } = true;

    /// <summary>How many random sequences the model is compared with.</summary>
    public int ModelRuns { get; init; } = 60;

    internal StoreCapabilities Can => Store.Capabilities;

    internal StoreKey Key(string rest) => StoreKey.Parse(Prefix + rest);
}
