namespace Coffer.Vaults;

/// <summary>The queue of asynchronous and scheduled writes of a device, in figures.</summary>
public sealed record PendingFigures
{
    /// <summary>Files that are to be sent.</summary>
    public long Files { get; init; }

    /// <summary>The size of their contents, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Files that were refused, and that a person has not decided about yet.</summary>
    public long Refused { get; init; }

    /// <summary>What the first accepted one of those that failed or were refused last failed with; null when none did.</summary>
    public string? OldestError { get; init; }
}
