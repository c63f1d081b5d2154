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
        return new Command("sync", "Bring what this device knows of the vault up to date.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            // Opening it brought nearly everything; this also finds what a store hides behind an old change marker.
            var opening = opened.Vault.OpeningReport;
            var sync = await opened.Vault.SyncAsync(cancellationToken);
            var (blocks, commits) = (opening.Blocks + sync.Blocks, opening.Commits + sync.Commits);
            var findings = opened.Vault.GetFindings().Count(finding => !finding.IsAccepted);
            if (session.Json)
                session.WriteJson(new SyncView(blocks, commits, findings), ViewJson.Readable.SyncView);
            else
                await session.Out.WriteLineAsync($"new: {blocks} block{(blocks == 1 ? "" : "s")} of the ledger, {commits} commit{(commits == 1 ? "" : "s")}");
            if (findings > 0)
                session.Tell($"{findings} finding{(findings == 1 ? "" : "s")} about this vault; see 'coffer status {chosen}'.");
        });
    }
}
