namespace Coffer.Stores;

/// <summary>How long an attempt may take.</summary>
public sealed record TimeoutOptions
{
    /// <summary>
    /// The longest wait for an answer: to a stat, a delete, the opening of a read, the next page of a listing, and to a put once its body was sent.
    /// 10 milliseconds to 1 day, by default one minute.
    /// </summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time in which no byte of a content or of a body moves. 10 milliseconds to 1 day, by default 30 seconds.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Fails when a value is out of its range; the message names it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        OptionChecks.Between(Answer, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1), nameof(Answer));
        OptionChecks.Between(Idle, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1), nameof(Idle));
    }
}
