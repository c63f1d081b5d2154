using System.CommandLine;
using System.Text.Json;
using Coffer.Cli.Files;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer ls</c>: what is in a folder of a vault, in the order of names.</summary>
internal static class LsCommand
{
    public static Command Create()
    {
        var place = Arguments.Place();
        var isLong = new Option<bool>("--long", "-l") { Description = "Show permissions, size, modified time, author, whom it is sealed to (- when all members read it), and name." };
        var isRecursive = new Option<bool>("--recursive", "-R") { Description = "Show all files below, with their paths from here." };
        return new Command("ls", "List a folder.") { place, isLong, isRecursive }.Runs(async (session, parsed, cancellationToken) =>
        {
            var from = parsed.PlaceOf(place);
            await using var opened = await session.OpenVaultAsync(from.Vault, cancellationToken);
            var entries = await EntriesAsync(opened, from, parsed.GetValue(isRecursive), cancellationToken);
            var people = await People.OfAsync(session.Home, cancellationToken);
            if (session.Json)
                await PrintJsonAsync(session, entries);
            else if (parsed.GetValue(isLong))
                await PrintLongAsync(session, entries, people);
            else
                await PrintNamesAsync(session, entries, people);
        });
    }

    /// <summary>What is in a folder; or the files of one path, the plain one first.</summary>
    private static async Task<IAsyncEnumerable<ListedEntry>> EntriesAsync(OpenedVault opened, VaultPlace from, bool isRecursive, CancellationToken cancellationToken)
    {
        if (!from.IsFolder)
        {
            var files = new List<ListedEntry>();
            if (await opened.Vault.StatAsync(from.Path, cancellationToken: cancellationToken) is { } plain)
                files.Add(new ListedEntry(from.BaseName, plain.Path, plain));
            await foreach (var version in VaultSource.SealedAtAsync(opened.Vault, from, cancellationToken))
                files.Add(new ListedEntry(from.BaseName, version.Path, version));
            if (files.Count > 0 && !files.Exists(file => file.Kind == EntryKind.Folder))
                return files.ToAsyncEnumerable();
        }
        var source = await VaultSource.FindAsync(opened, from, seal: null, cancellationToken);
        return isRecursive ? source.AllAsync(cancellationToken) : source.ChildrenAsync(cancellationToken);
    }

    private static async Task PrintNamesAsync(Session session, IAsyncEnumerable<ListedEntry> entries, People people)
    {
        await foreach (var entry in entries)
            await session.Out.WriteLineAsync(EntryText.Name(entry) + (session.Invocation.ShowsStyles ? EntryText.StyledSeal(entry, people) : ""));
    }

    private static async Task PrintLongAsync(Session session, IAsyncEnumerable<ListedEntry> entries, People people)
    {
        var columns = new Columns(false, true);
        await foreach (var entry in entries)
            columns.Add(EntryText.Mode(entry), EntryText.Size(entry), EntryText.Modified(entry), EntryText.Author(entry, people), EntryText.Seal(entry, people), EntryText.Name(entry) + EntryText.Target(entry));
        columns.WriteTo(session.Out);
    }

    /// <summary>One array, written as it comes: a vault may have more files than fit into memory.</summary>
    private static async Task PrintJsonAsync(Session session, IAsyncEnumerable<ListedEntry> entries)
    {
        var separator = "[\n  ";
        await foreach (var entry in entries)
        {
            await session.Out.WriteAsync(separator);
            await session.Out.WriteAsync(JsonSerializer.Serialize(EntryText.View(entry), ViewJson.Compact.EntryView));
            separator = ",\n  ";
        }
        await session.Out.WriteLineAsync(separator[0] == '[' ? "[]" : "\n]");
    }
}
