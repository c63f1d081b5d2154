using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer sync</c>: brings the local index up to date.</summary>
internal static class SyncCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        return new Command("sync", "Bring what this device knows of the vault up to date, and send what is pending.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            // Opening it brought nearly everything; this also finds what a store hides behind an old change marker.
            var opening = opened.Vault.OpeningReport;
            var sync = await opened.Vault.SyncAsync(cancellationToken);
            var sent = await PendingFiles.SendAsync(session, opened, cancellationToken);
            var (blocks, commits) = (opening.Blocks + sync.Blocks, opening.Commits + sync.Commits);
            var findings = opened.Vault.GetFindings().Count(finding => !finding.IsAccepted);
            var pending = (await opened.Vault.GetStatusAsync(cancellationToken)).Pending;
            if (session.Json)
                session.WriteJson(new SyncView(blocks, commits, sent, findings), ViewJson.Readable.SyncView);
            else if (sent > 0)
                await session.Out.WriteLineAsync($"new: {Quantity.Of(blocks, "block")} of the ledger, {Quantity.Of(commits, "commit")}; sent: {Quantity.Of(sent, "pending file")}");
            else
                await session.Out.WriteLineAsync($"new: {Quantity.Of(blocks, "block")} of the ledger, {Quantity.Of(commits, "commit")}");
            PendingFiles.TellOf(session, chosen, pending);
            if (findings > 0)
                session.Tell($"{Quantity.Of(findings, "finding")} about this vault; see 'coffer status {chosen}'.");
        });
    }
}
