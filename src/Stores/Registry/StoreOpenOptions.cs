namespace Coffer.Stores;

/// <summary>How <see cref="StoreRegistry"/> opens a store, and which layers it puts around it. A layer whose options are null is left out.</summary>
public sealed record StoreOpenOptions
{
    /// <summary>What the provider is given besides the URL: settings and the clock, which the layers use too.</summary>
    public StoreContext Context { get; init; } = new();

    /// <summary>How many requests at a time (<see cref="ConcurrencyLimitStore"/>).</summary>
    public ConcurrencyLimitOptions? ConcurrencyLimit { get; init; } = new();

    /// <summary>How long an attempt may take (<see cref="TimeoutStore"/>).</summary>
    public TimeoutOptions? Timeout { get; init; } = new();

    /// <summary>How transient errors are retried (<see cref="RetryStore"/>).</summary>
    public RetryOptions? Retry { get; init; } = new();

    /// <summary>Whether requests are counted, measured and traced (<see cref="TelemetryStore"/>).</summary>
    public bool Telemetry { get; init; } = true;

    /// <summary>The key below which the store lies (<see cref="PrefixStore"/>); null for the whole store.</summary>
    public StoreKey? Prefix { get; init; }

    /// <summary>Gives numbers from 0 to below 1 for the jitter of retries, also when called concurrently; null for random ones.</summary>
    public Func<double>? Randomness { get; init; }

    /// <summary>Fails when a value is out of its range; the message names it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ConcurrencyLimit?.Validate();
        Timeout?.Validate();
        Retry?.Validate();
        OptionChecks.NoDefault(Prefix, nameof(Prefix));
    }
}
