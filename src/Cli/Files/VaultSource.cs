using System.Runtime.CompilerServices;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>What a place in a vault is: one file, or a folder, which is all files whose path begins with it.</summary>
internal sealed class VaultSource
{
    private readonly Vault _vault;

    private readonly FileSeal? _seal;

    private VaultSource(Vault vault, VaultPlace place, FileSeal? seal, FileVersion? file)
    {
        _vault = vault;
        _seal = seal;
        Place = place;
        File = file;
    }

    public VaultPlace Place { get; }

    /// <summary>The file; null when the place is a folder.</summary>
    public FileVersion? File { get; }

    /// <summary>How many files of a folder have another seal than the one that was asked for; known once they were enumerated.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Finds out what a place is. A file comes before a folder of its name, unless the place ends in <c>/</c>.</summary>
    /// <exception cref="ToolException">There is nothing.</exception>
    public static async Task<VaultSource> FindAsync(OpenedVault opened, VaultPlace place, FileSeal? seal, CancellationToken cancellationToken)
    {
        var vault = opened.Vault;
        if (place.IsRoot)
            return new VaultSource(vault, place, seal, null);
        var file = await vault.StatAsync(place.Path, seal, cancellationToken);
        var isFolderRecord = file is not null && EntryFacts.Parse(file.Attributes.Span).Kind == EntryKind.Folder;
        if (file is not null && !isFolderRecord && !place.IsFolder)
            return new VaultSource(vault, place, seal, file);
        if (isFolderRecord)
            return new VaultSource(vault, place, seal, null);
        await foreach (var _ in vault.ListAsync(place.Path, new ListFilesOptions { Limit = 1 }, cancellationToken))
            return new VaultSource(vault, place, seal, null);
        if (file is not null)
            throw new ToolException($"{place} is a file and no folder. Leave the '/' at the end out.");
        throw await MissingFile.TellAsync(opened, place, seal, cancellationToken);
    }

    /// <summary>Refuses a folder in which there are files, and none of the seal that was asked for.</summary>
    /// <exception cref="ToolException">All files of the folder would be left out.</exception>
    public async Task RequireAnyAsync(CancellationToken cancellationToken)
    {
        if (File is not null || await FilesAsync(cancellationToken).AnyAsync(cancellationToken) || LeftOut == 0)
            return;
        throw new ToolException(_seal is null
            ? $"Nothing was done: {(LeftOut == 1 ? "the only file" : $"all {LeftOut} files")} of {Place} {(LeftOut == 1 ? "is" : "are")} sealed to one member. 'coffer ls -l -R {Place}' shows between whom; choose with --from and --to."
            : $"Nothing was done: {Place} has {LeftOut} {(LeftOut == 1 ? "file" : "files")}, and none with this seal. 'coffer ls -l -R {Place}' shows between whom they are sealed.");
    }

    /// <summary>What to tell a person of the files of the folder that were left out; null when there are none.</summary>
    public string? TellLeftOut() => LeftOut == 0
        ? null
        : $"{LeftOut} {(LeftOut == 1 ? "file" : "files")} of {Place} {(_seal is null ? "that somebody sealed to one member" : "with another seal")} {(LeftOut == 1 ? "was" : "were")} left out; 'coffer ls -l -R {Place}' marks them, --from and --to choose them";

    /// <summary>The sealed files of a path, by sender and recipient.</summary>
    public static IAsyncEnumerable<FileVersion> SealedAtAsync(Vault vault, VaultPlace place, CancellationToken cancellationToken)
    {
        var slash = place.Path.LastIndexOf('/');
        var behind = new ListFilesOptions { Recursive = true, After = place.Path };
        // In a listing they stand right behind the plain file, whether that is there or not.
        return vault.ListAsync(slash < 0 ? "" : place.Path[..slash], behind, cancellationToken)
            .TakeWhile(entry => entry.Path == place.Path)
            .Select(entry => entry.File!);
    }

    /// <summary>All files of a folder that have the seal which was asked for, or none, each with its path below it; the record of the folder itself is left out.</summary>
    public async IAsyncEnumerable<(string Relative, FileVersion Version)> FilesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LeftOut = 0;
        await foreach (var entry in AllAsync(cancellationToken))
        {
            if (entry.Version!.Seal == _seal)
                yield return (entry.Name, entry.Version);
            else
                LeftOut++;
        }
    }

    /// <summary>Reads the files of a folder that have the seal which was asked for, or none.</summary>
    /// <param name="choose">Whether to read one; told its path below the folder.</param>
    /// <param name="take">Takes one, with that path.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task ReadAsync(Func<string, FileVersion, bool> choose, Func<string, FileReader, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        LeftOut = 0;
        return _vault.ReadFolderAsync(Place.Path, (reader, token) => take(reader.Version.Path[Start..], reader, token), Chosen, cancellationToken);

        bool Chosen(FileVersion version)
        {
            if (version.Seal == _seal)
                return choose(version.Path[Start..], version);
            LeftOut++;
            return false;
        }
    }

    /// <summary>Where the path below the folder begins in a path of the vault.</summary>
    private int Start => Place.IsRoot ? 0 : Place.Path.Length + 1;

    /// <summary>All files below, sealed or not, as lines of a listing.</summary>
    public async IAsyncEnumerable<ListedEntry> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in _vault.ListAsync(Place.Path, new ListFilesOptions { Recursive = true }, cancellationToken))
        {
            if (entry.File is { } file)
                yield return new ListedEntry(file.Path[Start..], file.Path, file);
        }
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
        var recorded = entries.Where(entry => entry is { Version.Seal: null, Kind: EntryKind.Folder }).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        entries.RemoveAll(entry => entry.Version is null && recorded.Contains(entry.Name));
        // A folder that all can see needs no line for what somebody sealed of it.
        var seen = entries.Where(entry => entry is { Version: null } or { Version.Seal: null, Kind: EntryKind.Folder }).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        entries.RemoveAll(entry => entry is { Version.Seal: not null, Kind: EntryKind.Folder } && seen.Contains(entry.Name));
        foreach (var entry in entries.OrderBy(entry => entry.Name, Comparer<string>.Create(static (left, right) => Utf8Order.Compare(left, right))))
            yield return entry;
    }
}
