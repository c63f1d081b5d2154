using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>One version of one file: the newest, or that of a number, as <c>coffer versions</c> counts them.</summary>
internal static class VersionChoice
{
    /// <exception cref="ToolException">There is no such file or version, or it has no content.</exception>
    public static async Task<FileVersion> FindAsync(Vault vault, VaultPlace place, int? number, CancellationToken cancellationToken)
    {
        if (place.IsFolder)
            throw ToolException.Usage($"{place} is a folder. Name one file.");
        if (number is null)
        {
            var source = await VaultSource.FindAsync(vault, place, cancellationToken);
            return source.File ?? throw new ToolException($"{place} is a folder. Name one file.");
        }
        var versions = await vault.GetVersionsAsync(place.Path, cancellationToken: cancellationToken);
        if (versions.Count == 0)
            throw new ToolException($"There is no {place}, and never was.");
        if (number < 1 || number > versions.Count)
            throw new ToolException($"{place} has the versions 1 to {versions.Count}, and no version {number}.");
        var chosen = versions[number.Value - 1];
        if (chosen.IsDelete)
            throw new ToolException($"Version {number} of {place} is where it was deleted, and has no content.");
        return chosen.IsExpired ? throw new ToolException($"Version {number} of {place} has expired, and its content is gone.") : chosen;
    }
}
