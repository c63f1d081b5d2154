using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Files;

/// <summary>What a person is told who names a file that is not there: what may have been meant instead.</summary>
internal static class MissingFile
{
    /// <summary>The error for a path without a file of this seal.</summary>
    public static async Task<ToolException> TellAsync(OpenedVault opened, VaultPlace place, FileSeal? seal, CancellationToken cancellationToken)
    {
        var people = await opened.PeopleAsync(cancellationToken);
        var what = seal is null ? $"{place}" : $"{place} that {Called(seal.Sender, people)} sealed to {Called(seal.Recipient, people)}";
        if (await opened.Vault.GetVersionsAsync(place.Path, seal, cancellationToken) is [.., var last])
        {
            var seals = seal is null ? "" : " " + Choice(opened.Vault, seal, people);
            return new ToolException($"{what} {(last.IsDelete ? "was deleted" : "has expired")}. 'coffer versions {place}{seals}' shows its versions{(last.IsDelete ? "; --version N reads one" : "")}.");
        }
        if (seal is not null)
            return new ToolException($"There is no {what}.");
        var choices = await VaultSource.SealedAtAsync(opened.Vault, place, cancellationToken).Select(version => Choice(opened.Vault, version.Seal!, people)).ToListAsync(cancellationToken);
        return choices switch
        {
            [] => new ToolException($"There is no {place}."),
            [var only] => new ToolException($"There is no {place} that all members can read, but a sealed one is there. Choose it with {only}"),
            _ => new ToolException($"There is no {place} that all members can read, but {choices.Count} sealed ones are there. Choose with one of these:", details: choices),
        };
    }

    /// <summary>The options that choose a seal, as short as they can be: who is left out is oneself.</summary>
    private static string Choice(Vault vault, FileSeal seal, People people)
    {
        if (vault.IsAnonymous || (seal.Sender != vault.Me && seal.Recipient != vault.Me))
            return $"--from {Called(seal.Sender, people)} --to {Called(seal.Recipient, people)}";
        return seal.Sender == vault.Me ? $"--to {Called(seal.Recipient, people)}" : $"--from {Called(seal.Sender, people)}";
    }

    private static string Called(PublicId id, People people) => people.NameOf(id) ?? id.Fingerprint;
}
