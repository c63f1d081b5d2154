using System.CommandLine;
using System.Globalization;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer status</c>: what this device knows of a vault, and what is not as it must be.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        return new Command("status", "Send what is pending; show what this device knows of a vault, and what is wrong with it.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            if (await PendingFiles.SendAsync(session, opened, cancellationToken) is > 0 and var sent)
                session.Tell($"sent {Quantity.Of(sent, "pending file")}.");
            await PrintAsync(session, chosen, opened, cancellationToken);
        });
    }

    /// <summary>Prints the status of an open vault.</summary>
    public static async Task PrintAsync(Session session, string name, OpenedVault opened, CancellationToken cancellationToken)
    {
        var view = ViewOf(name, opened, await opened.Vault.GetStatusAsync(cancellationToken));
        if (session.Json)
            session.WriteJson(view, ViewJson.Readable.StatusView);
        else
            Print(session.Out, view, opened.Vault);
    }

    private static StatusView ViewOf(string name, OpenedVault opened, VaultStatus status) => new(
        name, opened.Vault.Id, opened.Entry.Url, opened.Vault.Realm, opened.Entry.Identity, opened.Vault.IsAnonymous ? null : opened.Vault.Me.ToString(), AccessLevels.Format(opened.Vault.Access),
        opened.Vault.Creator.ToString(), status.Files, status.FileBytes, status.Versions, status.Commits, status.Waiting, status.Refused, status.LooseCommits, status.Packs, status.PackBytes,
        status.Blocks, status.Epoch, status.Members, status.AllocatedBytes, status.Objects, status.Segments, opened.Vault.Settings.ContentLife?.TotalSeconds, opened.Vault.Settings.Quota,
        status.Pending is { Files: 0, Refused: 0 } ? null : new PendingView(status.Pending.Files, status.Pending.Bytes, status.Pending.Refused, status.Pending.OldestError), status.LastSync, status.LastSign,
        new RequestsView(status.Requests.Stat, status.Requests.Read, status.Requests.Put, status.Requests.Delete, status.Requests.List),
        [.. opened.Vault.GetFindings().Where(finding => !finding.IsAccepted).Select(FindingLines.ViewOf)]);

    private static void Print(TextWriter output, StatusView view, Vault vault)
    {
        var columns = new Columns();
        columns.Add("vault", view.Name);
        columns.Add("vault id", view.VaultId);
        columns.Add("store", VisibleText.Of(view.Url) + (view.Realm is "users" ? "" : $", realm {view.Realm}"));
        columns.Add("creator", vault.Creator.Fingerprint);
        columns.Add("you", vault.IsAnonymous ? "without an identity, only reading" : $"{view.Identity}, {vault.Me.Fingerprint}, access {view.Access}");
        columns.Add("members", Text(view.Members));
        if (vault.IsPublic)
            columns.Add("readers", "anybody who knows the creator: the vault is public");
        columns.Add("ledger", $"{Quantity.Of(view.Blocks, "block")}, key epoch {view.Epoch}");
        columns.Add("files", $"{view.Files}, {ByteSize.Format(view.FileBytes)}, in {view.Versions} versions");
        columns.Add("contents", ByteSize.Format(view.AllocatedBytes) + (view.MaxSize is { } most ? $" of {ByteSize.Format(most)}" : "") + ", of all versions; small ones, which are kept in commits, are not counted");
        if (view.Objects > 0)
            columns.Add("objects", $"{view.Objects}, in {Quantity.Of(view.Segments, "segment")}");
        if (vault.Settings.ContentLife is { } life)
            columns.Add("retention", Duration.Format(life));
        columns.Add("commits", Text(view.Commits) + (view.Waiting > 0 ? $", {view.Waiting} waiting" : "") + (view.Refused > 0 ? $", {view.Refused} refused" : ""));
        columns.Add("packs", view.Packs == 0 ? "none" : $"{view.Packs}, {ByteSize.Format(view.PackBytes)}; {Quantity.Of(view.LooseCommits, "commit")} in none");
        if (view.Pending is { } pending)
            columns.Add("pending", Text(pending));
        if (vault.Settings.Freshness is { } window)
            columns.Add("last sign", $"{(view.LastSign is { } sign ? EntryText.Time(sign) : "none")}, of an admin; one is due every {Duration.Format(window / 2)}");
        if (view.LastSync is { } sync)
            columns.Add("last sync", EntryText.Time(sync));
        columns.Add("requests", $"{view.Requests.Stat} stat, {view.Requests.Read} read, {view.Requests.Put} put, {view.Requests.List} list, {view.Requests.Delete} delete, by this command");
        columns.Add("findings", view.Findings.Count == 0 ? "none" : Text(view.Findings.Count));
        columns.WriteTo(output);
        foreach (var finding in view.Findings)
            FindingLines.Write(output, finding);
    }

    private static string Text(PendingView pending) =>
        $"{Quantity.Of(pending.Files, "file")} to be sent, {ByteSize.Format(pending.Bytes)}"
        + (pending.Refused == 0 ? "" : $", {pending.Refused} refused") + (pending.Error is { } error ? $"; {ErrorText.OneLine(error)}" : "");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
