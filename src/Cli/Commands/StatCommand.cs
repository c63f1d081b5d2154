using System.CommandLine;
using System.Globalization;
using Coffer.Cli.Files;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer stat</c>: all that is known of one file.</summary>
internal static class StatCommand
{
    public static Command Create()
    {
        var place = Arguments.Place();
        var seals = new SealOptions();
        return seals.AddTo(new Command("stat", "Show all that is known of a file.") { place }).Runs(async (session, parsed, cancellationToken) =>
        {
            var from = parsed.PlaceOf(place);
            var chosen = await seals.ReadAsync(session, parsed, from.Vault, cancellationToken);
            await using var opened = await session.OpenVaultAsync(from.Vault, cancellationToken);
            var seal = await chosen.FindAsync(opened, from, cancellationToken);
            var source = await VaultSource.FindAsync(opened, from, seal, cancellationToken);
            var version = source.File ?? (from.IsRoot ? null : await opened.Vault.StatAsync(from.Path, seal, cancellationToken));
            var entry = new ListedEntry(from.Path, from.Path, version);
            if (session.Json)
                session.WriteJson(EntryText.View(entry), ViewJson.Readable.EntryView);
            else
                Print(session.Out, entry, await People.OfAsync(session.Home, cancellationToken));
        });
    }

    private static void Print(TextWriter output, ListedEntry entry, People people)
    {
        var columns = new Columns();
        columns.Add("path", EntryText.Name(entry));
        columns.Add("type", EntryText.Type(entry.Kind) + EntryText.Target(entry));
        if (entry.Version is { } version)
        {
            if (entry.Kind == EntryKind.File)
                columns.Add("size", $"{version.Size.ToString(CultureInfo.InvariantCulture)} bytes ({ByteSize.Format(version.Size)})");
            columns.Add("mode", EntryText.Mode(entry));
            columns.Add("modified", EntryText.Time(version.Modified));
            columns.Add("written", EntryText.Time(version.Written));
            columns.Add("author", people.Full(version.Author));
            if (version.Seal is { } seal)
                columns.Add("sealed to", people.Full(seal.Recipient));
            columns.Add("version id", version.Id);
            if (version.Expires is { } expires)
                columns.Add("expires", EntryText.Time(expires));
        }
        columns.WriteTo(output);
    }
}
