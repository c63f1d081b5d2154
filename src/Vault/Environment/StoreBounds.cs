namespace Coffer.Vaults;

/// <summary>How much of what a store says without any signature is believed: names, which cost it nothing.</summary>
internal sealed record StoreBounds
{
    /// <summary>Names in one listing, but for bodies. A folder of them is held in memory.</summary>
    public long Names { get; init; } = 1L << 22;

    /// <summary>Names of bodies in one listing, which are looked at one after the other.</summary>
    public long Bodies { get; init; } = 1L << 26;

    /// <summary>Bodies that one housekeeping deletes; the next one goes on.</summary>
    public int Swept { get; init; } = 250_000;
}
