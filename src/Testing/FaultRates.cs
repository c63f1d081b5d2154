namespace Coffer.Testing;

/// <summary>How often a <see cref="FaultyStore"/> fails by chance, as probabilities from 0 to 1 for each operation.</summary>
public sealed record FaultRates
{
    /// <summary>Failing before anything happened.</summary>
    public double Before { get; init; }

    /// <summary>Breaking off in the middle.</summary>
    public double During { get; init; }

    /// <summary>Losing the answer after it was done.</summary>
    public double After { get; init; }

    /// <summary>The longest latency; each operation takes a random part of it.</summary>
    public TimeSpan MaxLatency { get; init; }

    /// <summary>How many bytes, or entries of a listing, pass at most before one breaks off.</summary>
    public int MaxProgress { get; init; } = 4096;
}
