using System.CommandLine;
using System.Globalization;
using Coffer.Cli.Files;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer versions</c>: all versions of a file, the oldest first, with the numbers that <c>--version</c> takes.</summary>
internal static class VersionsCommand
{
    public static Command Create()
    {
        var place = Arguments.Place();
        var seals = new SealOptions();
        return seals.AddTo(new Command("versions", "List the versions of a file, the oldest first.") { place }).Runs(async (session, parsed, cancellationToken) =>
        {
            var from = parsed.PlaceOf(place);
            var seal = await seals.ReadAsync(session, parsed, from.Vault, cancellationToken);
            await using var opened = await session.OpenVaultAsync(from.Vault, cancellationToken);
            var versions = await VersionChoice.AllAsync(opened, from, await seal.FindAsync(opened, from, cancellationToken), cancellationToken);
            if (session.Json)
            {
                session.WriteJson(
                    [.. versions.Select((version, index) => new VersionView(
                        index + 1, version.Id, version.IsDelete, version.IsExpired, version.Size, version.Modified, version.Written, version.Author.ToString(), version.Seal?.Recipient.ToString(), version.Expires))],
                    ViewJson.Readable.IReadOnlyListVersionView);
                return;
            }
            var people = await People.OfAsync(session.Home, cancellationToken);
            var columns = new Columns(true, true);
            for (var i = 0; i < versions.Count; i++)
            {
                var version = versions[i];
                var size = version.IsDelete ? "deleted" : version.IsExpired ? "expired" : version.Size.ToString(CultureInfo.InvariantCulture);
                columns.Add((i + 1).ToString(CultureInfo.InvariantCulture), size, EntryText.Time(version.Written), people.Short(version.Author));
            }
            columns.WriteTo(session.Out);
        });
    }
}
