namespace Coffer.Vaults;

/// <summary>How to list files.</summary>
public sealed record ListFilesOptions
{
    /// <summary>All files below the folder, and no folders; else one level.</summary>
    public bool Recursive { get; init; }

    /// <summary>Only entries behind this one, by the bytes of their paths: to go on, give the path of the last entry.</summary>
    public string? After { get; init; }

    /// <summary>At most so many entries; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Only files whose newest version came after this position. Never a folder.</summary>
    public ChangePosition? Since { get; init; }
}
