namespace Coffer.Vaults;

/// <summary>What a round of housekeeping does beside what is always due.</summary>
public sealed record HousekeepOptions
{
    /// <summary>List all bodies and delete what is not needed any more, also when this was done less than a day ago. It takes one request for each 1,000 of them.</summary>
    public bool Bodies { get; init; }

    /// <summary>Told each step as it begins.</summary>
    public IProgress<HousekeepingStep>? Progress { get; init; }
}
