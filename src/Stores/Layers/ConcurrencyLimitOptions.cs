namespace Coffer.Stores;

/// <summary>How many requests a store is sent at a time.</summary>
public sealed record ConcurrencyLimitOptions
{
    /// <summary>How many stats, reads (each until its reader is disposed) and pages of listings at a time; 1 to 10,000, by default 32.</summary>
    public int Reads { get; init; } = 32;

    /// <summary>How many puts and deletes at a time; 1 to 10,000, by default 32.</summary>
    public int Writes { get; init; } = 32;

    /// <summary>Fails when a value is out of its range; the message names it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        OptionChecks.Between(Reads, 1, 10_000, nameof(Reads));
        OptionChecks.Between(Writes, 1, 10_000, nameof(Writes));
    }
}
