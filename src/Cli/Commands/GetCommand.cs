using System.CommandLine;
using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer get</c>: a file or folder of a vault onto this machine.</summary>
internal static class GetCommand
{
    private const string Output = "-";

    public static Command Create()
    {
        var place = Arguments.Place();
        var destination = new Argument<string>("DEST")
        {
            Description = "The new name on this machine; a folder to put it into, when it ends in '/'; or '-' for standard output.",
        };
        var version = Arguments.Version();
        var seals = new SealOptions();
        return seals.AddTo(new Command("get", "Get a file or folder out of a vault.") { place, destination, version }).Runs(async (session, parsed, cancellationToken) =>
        {
            var from = parsed.PlaceOf(place);
            var choice = await seals.ReadAsync(session, parsed, from.Vault, cancellationToken);
            var to = parsed.GetRequiredValue(destination);
            var number = parsed.GetValue(version);
            await using var opened = await session.OpenVaultAsync(from.Vault, cancellationToken);
            var seal = await choice.FindAsync(opened, from, cancellationToken);
            if (to == Output || number is not null)
            {
                var chosen = await VersionChoice.FindAsync(opened, from, number, seal, cancellationToken);
                return to == Output
                    ? await CatCommand.CopyAsync(session, opened.Vault, chosen, cancellationToken)
                    : Finish(session, await GetFileAsync(session, opened.Vault, chosen, FileTarget(from, to), cancellationToken));
            }
            var source = await VaultSource.FindAsync(opened, from, seal, cancellationToken);
            await source.RequireAnyAsync(cancellationToken);
            return Finish(session, source.File is { } file
                ? await GetFileAsync(session, opened.Vault, file, FileTarget(from, to), cancellationToken)
                : await GetFolderAsync(session, opened.Vault, source, FolderTarget(from, to), cancellationToken), source);
        });
    }

    private static int Finish(Session session, TransferSummary summary, VaultSource? source = null)
    {
        if (source?.TellLeftOut() is { } leftOut)
            session.Tell(leftOut);
        summary.Print(session, "got");
        return summary.ExitCode;
    }

    private static Task<TransferSummary> GetFileAsync(Session session, Vault vault, FileVersion file, string path, CancellationToken cancellationToken) =>
        TransferSummary.RunAsync(session, "get", async (log, progress) =>
        {
            progress.Expect(file.Size);
            var root = new RestoreRoot(Path.GetDirectoryName(path) ?? path);
            root.EnsureRoot();
            using var download = new Download(vault, root, log, progress);
            await download.RunOneAsync(path, file, cancellationToken);
        });

    private static Task<TransferSummary> GetFolderAsync(Session session, Vault vault, VaultSource source, string folder, CancellationToken cancellationToken) =>
        TransferSummary.RunAsync(session, "get", async (log, progress) =>
        {
            if (progress.IsShown)
            {
                await foreach (var (_, version) in source.FilesAsync(cancellationToken))
                    progress.Expect(version.Size);
            }
            var root = new RestoreRoot(folder);
            root.EnsureRoot();
            using var download = new Download(vault, root, log, progress);
            await download.RunAsync(source, cancellationToken);
        });

    /// <summary>A file goes into a folder that is there, as with <c>cp</c>; what else could be meant?</summary>
    private static string FileTarget(VaultPlace from, string to) =>
        Path.GetFullPath(MeansFolder(to) || Directory.Exists(to) ? Path.Combine(to, Checked(from.BaseName)) : to);

    /// <summary>A folder becomes the one that is named, whether that is there or not, so that doing it twice gives the same; only a '/' at the end puts it inside.</summary>
    private static string FolderTarget(VaultPlace from, string to) =>
        Path.GetFullPath(MeansFolder(to) && !from.IsRoot ? Path.Combine(to, Checked(from.BaseName)) : to);

    private static bool MeansFolder(string to) => Path.EndsInDirectorySeparator(to) || Path.GetFileName(to) is "." or "..";

    private static string Checked(string name) => LocalName.Fault(name, OperatingSystem.IsWindows()) is { } fault
        ? throw new ToolException($"This machine cannot keep the name '{name}': {fault}. Give it another one.")
        : name;
}
