using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>One version of one file: the newest, or that of a number, as <c>coffer versions</c> counts them.</summary>
internal static class VersionChoice
{
    /// <exception cref="ToolException">There is no such file or version, or it has no content.</exception>
    public static async Task<FileVersion> FindAsync(OpenedVault opened, VaultPlace place, int? number, FileSeal? seal, CancellationToken cancellationToken)
    {
        if (place.IsFolder)
            throw Folder(place);
        if (number is null)
        {
            var source = await VaultSource.FindAsync(opened, place, seal, cancellationToken);
            return source.File ?? throw Folder(place);
        }
        var versions = await AllAsync(opened, place, seal, cancellationToken);
        if (number < 1 || number > versions.Count)
            throw new ToolException($"{place} has the versions 1 to {versions.Count}, and no version {number}.");
        var chosen = versions[number.Value - 1];
        if (chosen.IsDelete)
            throw new ToolException($"Version {number} of {place} is where it was deleted, and has no content.");
        return chosen.IsExpired ? throw new ToolException($"Version {number} of {place} has expired, and its content is gone.") : chosen;
    }

    /// <summary>All versions of a file, the oldest first.</summary>
    /// <exception cref="ToolException">There is no version of such a file; or it is a folder.</exception>
    public static async Task<IReadOnlyList<FileVersion>> AllAsync(OpenedVault opened, VaultPlace place, FileSeal? seal, CancellationToken cancellationToken)
    {
        if (place.IsFolder)
            throw Folder(place);
        var versions = await opened.Vault.GetVersionsAsync(place.Path, seal, cancellationToken);
        if (versions.Count > 0)
            return versions;
        await foreach (var _ in opened.Vault.ListAsync(place.Path, new ListFilesOptions { Limit = 1 }, cancellationToken))
            throw Folder(place);
        throw await MissingFile.TellAsync(opened, place, seal, cancellationToken);
    }

    /// <summary>What ends in '/' is a folder in every vault, and makes no sense here; another path is one by what the vault has.</summary>
    private static ToolException Folder(VaultPlace place)
    {
        var message = $"{place} is a folder, and only files have versions and contents. Name one file; 'coffer ls -R {place}' shows those in it.";
        return place.IsFolder ? ToolException.Usage(message) : new ToolException(message);
    }
}
