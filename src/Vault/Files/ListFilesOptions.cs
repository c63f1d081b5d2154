namespace Coffer.Vaults;

/// <summary>How to list files.</summary>
public sealed record ListFilesOptions
{
    /// <summary>All files below the folder, and no folders; else one level.</summary>
    public bool Recursive { get; init; }

    /// <summary>Only entries behind this one, by the bytes of their paths: to go on, give <see cref="FolderEntry.Position"/> of the last entry. A path is a position too: that of its plain file.</summary>
    public string? After { get; init; }

    /// <summary>At most so many entries; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// Only files of which another version is the newest since this position: one came, or the one that was it then counts no more. Never a folder, and nothing that is gone: <see cref="Vault.WatchAsync"/> tells also of
    /// what was deleted or withdrawn. After a rebuild of the index, some files may be given again.
    /// </summary>
    public ChangePosition? Since { get; init; }
}
