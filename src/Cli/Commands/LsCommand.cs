using System.CommandLine;
using System.Text.Json;
using Coffer.Cli.Files;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer ls</c>: what is in a folder of a vault, in the order of names.</summary>
internal static class LsCommand
{
    public static Command Create()
    {
        var place = Arguments.Place();
        var isLong = new Option<bool>("--long", "-l") { Description = "Show permissions, size, time and author." };
        var isRecursive = new Option<bool>("--recursive", "-R") { Description = "Show all files below, with their paths from here." };
        return new Command("ls", "List a folder.") { place, isLong, isRecursive }.Runs(async (session, parsed, cancellationToken) =>
        {
            var from = parsed.PlaceOf(place);
            await using var opened = await session.OpenVaultAsync(from.Vault, cancellationToken);
            var source = await VaultSource.FindAsync(opened.Vault, from, cancellationToken);
            var entries = source.File is { } file
                ? Only(new ListedEntry(from.BaseName, file.Path, file))
                : parsed.GetValue(isRecursive) ? source.AllAsync(cancellationToken) : source.ChildrenAsync(cancellationToken);
            if (session.Json)
                await PrintJsonAsync(session, entries);
            else if (parsed.GetValue(isLong))
                await PrintLongAsync(session, entries, await People.OfAsync(session.Home, cancellationToken));
            else
                await PrintNamesAsync(session, entries);
        });
    }

    private static async IAsyncEnumerable<ListedEntry> Only(ListedEntry entry)
    {
        await Task.CompletedTask;
        yield return entry;
    }

    private static async Task PrintNamesAsync(Session session, IAsyncEnumerable<ListedEntry> entries)
    {
        await foreach (var entry in entries)
            await session.Out.WriteLineAsync(EntryText.Name(entry));
    }

    private static async Task PrintLongAsync(Session session, IAsyncEnumerable<ListedEntry> entries, People people)
    {
        var columns = new Columns(false, true);
        await foreach (var entry in entries)
            columns.Add(EntryText.Mode(entry), EntryText.Size(entry), EntryText.Modified(entry), EntryText.Author(entry, people), EntryText.Name(entry) + EntryText.Target(entry));
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
