using System.Runtime.CompilerServices;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>What a place in a vault is: one file, or a folder, which is all files whose path begins with it.</summary>
internal sealed class VaultSource
{
    private readonly Vault _vault;

    private VaultSource(Vault vault, VaultPlace place, FileVersion? file)
    {
        _vault = vault;
        Place = place;
        File = file;
    }

    public VaultPlace Place { get; }

    /// <summary>The file; null when the place is a folder.</summary>
    public FileVersion? File { get; }

    /// <summary>Finds out what a place is. A file comes before a folder of its name, unless the place ends in <c>/</c>.</summary>
    /// <exception cref="ToolException">There is nothing.</exception>
    public static async Task<VaultSource> FindAsync(Vault vault, VaultPlace place, CancellationToken cancellationToken)
    {
        if (place.IsRoot)
            return new VaultSource(vault, place, null);
        var file = await vault.StatAsync(place.Path, cancellationToken: cancellationToken);
        var isFolderRecord = file is not null && EntryFacts.Parse(file.Attributes.Span).Kind == EntryKind.Folder;
        if (file is not null && !isFolderRecord && !place.IsFolder)
            return new VaultSource(vault, place, file);
        if (isFolderRecord)
            return new VaultSource(vault, place, null);
        await foreach (var _ in vault.ListAsync(place.Path, new ListFilesOptions { Limit = 1 }, cancellationToken))
            return new VaultSource(vault, place, null);
        throw new ToolException(file is null ? $"There is no {place}." : $"{place} is a file and no folder. Leave the '/' at the end out.");
    }

    /// <summary>All files of a folder, each with its path below it; the record of the folder itself is left out.</summary>
    public async IAsyncEnumerable<(string Relative, FileVersion Version)> FilesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var start = Place.IsRoot ? 0 : Place.Path.Length + 1;
        await foreach (var entry in _vault.ListAsync(Place.Path, new ListFilesOptions { Recursive = true }, cancellationToken))
        {
            if (entry.File is { } file)
                yield return (file.Path[start..], file);
        }
    }

    /// <summary>All files below, as lines of a listing.</summary>
    public async IAsyncEnumerable<ListedEntry> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var (relative, version) in FilesAsync(cancellationToken))
            yield return new ListedEntry(relative, version.Path, version);
    }

    /// <summary>What is directly in the folder, in the order of names. A folder that has a record of its own stands there once.</summary>
    public async IAsyncEnumerable<ListedEntry> ChildrenAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var entries = new List<ListedEntry>();
        await foreach (var entry in _vault.ListAsync(Place.Path, cancellationToken: cancellationToken))
        {
            var path = entry.Path.TrimEnd('/');
            entries.Add(new ListedEntry(path[(path.LastIndexOf('/') + 1)..], path, entry.File));
        }
        var recorded = entries.Where(entry => entry is { Version: not null, Kind: EntryKind.Folder }).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        entries.RemoveAll(entry => entry.Version is null && recorded.Contains(entry.Name));
        entries.Sort((left, right) => Utf8Order.Compare(left.Name, right.Name));
        foreach (var entry in entries)
            yield return entry;
    }
}
