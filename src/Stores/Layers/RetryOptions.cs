namespace Coffer.Stores;

/// <summary>How transient errors are retried: exponential waits with jitter, or as long as the server asks.</summary>
public sealed record RetryOptions
{
    /// <summary>How often a request is sent again after its first failure; 1 to 100, by default 6. A listing or a content that made progress begins to count anew.</summary>
    public int MaxRetries { get; init; } = 6;

    /// <summary>The wait before the first retry, about; it doubles with each one. 1 millisecond to 1 minute, by default 200 milliseconds.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait of our own choice. From <see cref="Delay"/> to 1 hour, by default 20 seconds.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest wait that a server may ask for; when it asks for more, its error is given to the caller at once. 0 to 1 hour, by default 2 minutes.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Fails when a value is out of its range; the message names it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        OptionChecks.Between(MaxRetries, 1, 100, nameof(MaxRetries));
        OptionChecks.Between(Delay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(Delay));
        OptionChecks.Between(MaxDelay, Delay, TimeSpan.FromHours(1), nameof(MaxDelay));
        OptionChecks.Between(MaxRetryAfter, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(MaxRetryAfter));
    }
}
