using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>One line of a listing.</summary>
/// <param name="Name">The path from the folder that is listed.</param>
/// <param name="Path">The path in the vault.</param>
/// <param name="Version">The newest version of the file; null for a folder without a record of its own.</param>
internal sealed record ListedEntry(string Name, string Path, FileVersion? Version)
{
    /// <summary>What is kept of it besides its content.</summary>
    public EntryFacts Facts { get; } = Version is { } version ? EntryFacts.Parse(version.Attributes.Span) : new EntryFacts(EntryKind.Folder);

    public EntryKind Kind => Facts.Kind;
}
