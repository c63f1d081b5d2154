using System.CommandLine;
using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer cat</c>: the content of a file to standard output. No byte goes out before it was verified.</summary>
internal static class CatCommand
{
    private const int BufferSize = 1 << 17;

    public static Command Create()
    {
        var place = Arguments.Place();
        var version = Arguments.Version();
        var seals = new SealOptions();
        return seals.AddTo(new Command("cat", "Print the content of a file.") { place, version }).Runs(async (session, parsed, cancellationToken) =>
        {
            var from = parsed.PlaceOf(place);
            var seal = await seals.ReadAsync(session, parsed, from.Vault, cancellationToken);
            await using var opened = await session.OpenVaultAsync(from.Vault, cancellationToken);
            var chosen = await VersionChoice.FindAsync(opened, from, parsed.GetValue(version), await seal.FindAsync(opened, from, cancellationToken), cancellationToken);
            return await CopyAsync(session, opened.Vault, chosen, cancellationToken);
        });
    }

    /// <summary>Copies a version to standard output.</summary>
    public static async Task<int> CopyAsync(Session session, Vault vault, FileVersion version, CancellationToken cancellationToken)
    {
        await using var reader = await vault.OpenReadAsync(version.Path, new ReadFileOptions { VersionId = version.Id, Seal = version.Seal }, cancellationToken);
        await reader.Content.CopyToAsync(session.Invocation.Bytes, BufferSize, cancellationToken);
        return ExitCode.Success;
    }
}
