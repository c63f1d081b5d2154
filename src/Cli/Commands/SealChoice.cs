using Coffer.Cli.Files;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary>What <see cref="SealOptions"/> say, read.</summary>
internal sealed class SealChoice(PersonReference? from, PersonReference? to)
{
    /// <summary>The seal that is meant; null for plain files.</summary>
    /// <exception cref="ToolException">There is no such member, or nobody whom sealed files open for.</exception>
    public async Task<FileSeal?> FindAsync(OpenedVault opened, VaultPlace place, CancellationToken cancellationToken)
    {
        if (from is null && to is null)
            return null;
        opened.RequireIdentity("Sealed files open for nobody but the two whom they are between.");
        var sender = await OfAsync(from);
        return new FileSeal(sender, await OfAsync(to));

        async Task<PublicId> OfAsync(PersonReference? reference) =>
            reference is null ? opened.Vault.Me : await reference.FindAsync(opened, SealersAsync(opened.Vault, place, cancellationToken), cancellationToken);
    }

    /// <summary>Between whom something is sealed at a place: they need not be members any more.</summary>
    private static IAsyncEnumerable<PublicId> SealersAsync(Vault vault, VaultPlace place, CancellationToken cancellationToken)
    {
        var below = vault.ListAsync(place.Path, new ListFilesOptions { Recursive = true }, cancellationToken).Select(entry => entry.File!);
        return (place.IsRoot ? below : VaultSource.SealedAtAsync(vault, place, cancellationToken).Concat(below))
            .SelectMany(version => version.Seal is { } seal ? [seal.Sender, seal.Recipient] : Array.Empty<PublicId>());
    }
}
