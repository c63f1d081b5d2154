using System.CommandLine;
using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
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
            var chosen = await seals.ReadAsync(session, parsed, from.Vault, cancellationToken);
            await using var opened = await session.OpenVaultAsync(from.Vault, cancellationToken);
            opened.RequireIdentity();
            var seal = await chosen.FindAsync(opened, from, cancellationToken);
            var source = await VaultSource.FindAsync(opened, from, seal, cancellationToken);
            if (source.File is null && !parsed.GetValue(isRecursive))
                throw new ToolException($"{from} is a folder. To remove it with all that is in it, add -r.");
            await source.RequireAnyAsync(cancellationToken);
            var paths = source.File is { } file ? [file.Path] : await PathsAsync(opened.Vault, source, seal, cancellationToken);
            if (from.IsRoot)
                await Confirmation.RequireAsync(await WhatIsRemovedAsync(opened, source, seal, paths.Count, cancellationToken), parsed.GetValue(yes), cancellationToken);
            foreach (var chunk in paths.Chunk(BatchSize))
                await opened.Vault.DeleteManyAsync(chunk, seal, cancellationToken);
            if (source.TellLeftOut() is { } leftOut)
                session.Tell(leftOut);
            if (session.Json)
                session.WriteJson(new RemovalView(paths.Count), ViewJson.Readable.RemovalView);
            else
                await session.Out.WriteLineAsync($"removed {Quantity.Of(paths.Count, "file")}");
        });
    }

    private static async Task<string> WhatIsRemovedAsync(OpenedVault opened, VaultSource source, FileSeal? seal, int count, CancellationToken cancellationToken)
    {
        if (seal is not null)
        {
            var people = await opened.PeopleAsync(cancellationToken);
            return $"This removes all that you sealed to {people.Short(seal.Recipient)} in the vault '{opened.Name}', {Quantity.Of(count, "file")}, for both of you. The versions stay.";
        }
        var left = source.LeftOut == 0 ? "" : $" Sealed files stay as they are ({source.LeftOut} that you can see; --to WHO removes those that you sealed to somebody).";
        return $"This removes all files that every member can read in the vault '{opened.Name}', {Quantity.Of(count, "file")}, for all of them. The versions stay.{left}";
    }

    /// <summary>The paths of all files of a folder, and of the record of the folder itself. The list is of one moment: what others write later stays.</summary>
    private static async Task<List<string>> PathsAsync(Vault vault, VaultSource source, FileSeal? seal, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        if (!source.Place.IsRoot && await vault.StatAsync(source.Place.Path, seal, cancellationToken) is { } record && EntryFacts.Parse(record.Attributes.Span).Kind == EntryKind.Folder)
            paths.Add(source.Place.Path);
        await foreach (var (_, version) in source.FilesAsync(cancellationToken))
            paths.Add(version.Path);
        return paths;
    }
}
