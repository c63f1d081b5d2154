using System.CommandLine;
using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer rm</c>: hides a file, or all of a folder. The versions stay.</summary>
internal static class RmCommand
{
    private const int BatchSize = 1_000;

    public static Command Create()
    {
        var place = Arguments.Place();
        var isRecursive = new Option<bool>("--recursive", "-r") { Description = "Remove a folder with all that is in it." };
        var yes = Arguments.Yes();
        var seals = new SealOptions();
        return seals.AddTo(new Command("rm", "Remove a file. Its versions stay, and can be read.") { place, isRecursive, yes }).Runs(async (session, parsed, cancellationToken) =>
        {
            var from = parsed.PlaceOf(place);
            var chosen = seals.Read(parsed);
            await using var opened = await session.OpenVaultAsync(from.Vault, cancellationToken);
            var seal = chosen(opened.Vault);
            var source = await VaultSource.FindAsync(opened.Vault, from, seal, cancellationToken);
            if (source.File is null && !parsed.GetValue(isRecursive))
                throw new ToolException($"{from} is a folder. To remove it with all that is in it, add -r.");
            if (from.IsRoot)
                await ConfirmAllAsync(opened.Vault, from, parsed.GetValue(yes), cancellationToken);
            var removed = source.File is { } file
                ? await RemoveAsync(opened.Vault, [file.Path], seal, cancellationToken)
                : await RemoveFolderAsync(opened.Vault, source, seal, cancellationToken);
            if (source.TellLeftOut() is { } leftOut)
                session.Tell(leftOut);
            if (session.Json)
                session.WriteJson(new RemovalView(removed), ViewJson.Readable.RemovalView);
            else
                await session.Out.WriteLineAsync($"removed {removed} file{(removed == 1 ? "" : "s")}");
        });
    }

    private static async Task ConfirmAllAsync(Vault vault, VaultPlace place, bool isGiven, CancellationToken cancellationToken)
    {
        var files = (await vault.GetStatusAsync(cancellationToken)).Files;
        await Confirmation.RequireAsync(
            $"This removes all that is in the vault '{place.Vault}', {files} file{(files == 1 ? "" : "s")}, for all its members. The versions stay.", isGiven, cancellationToken);
    }

    private static async Task<long> RemoveFolderAsync(Vault vault, VaultSource source, FileSeal? seal, CancellationToken cancellationToken)
    {
        var batch = new List<string>();
        var removed = 0L;
        if (!source.Place.IsRoot && await vault.StatAsync(source.Place.Path, seal, cancellationToken) is { } record && EntryFacts.Parse(record.Attributes.Span).Kind == EntryKind.Folder)
            batch.Add(source.Place.Path);
        // The list is of one moment: what others write meanwhile stays.
        var all = await source.FilesAsync(cancellationToken).Select(file => file.Version.Path).ToListAsync(cancellationToken);
        foreach (var chunk in batch.Concat(all).Chunk(BatchSize))
            removed += await RemoveAsync(vault, chunk, seal, cancellationToken);
        return removed;
    }

    private static async Task<long> RemoveAsync(Vault vault, string[] paths, FileSeal? seal, CancellationToken cancellationToken)
    {
        await vault.DeleteManyAsync(paths, seal, cancellationToken);
        return paths.Length;
    }
}
