using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer housekeep</c>: packs commits, deletes what nobody needs any more, and checks the index.</summary>
internal static class HousekeepCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var bodies = new Option<bool>("--bodies") { Description = "Look through all bodies for those that nobody needs, also when that was done less than a day ago." };
        return new Command("housekeep", "Send what is pending, pack commits, delete what nobody needs any more, and check the local index.") { name, bodies }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            var report = await StepLine.RunAsync(session.Invocation, Words(HousekeepingStep.Index), progress =>
                opened.Vault.HousekeepAsync(new HousekeepOptions { Bodies = parsed.GetValue(bodies), Progress = progress?.Of<HousekeepingStep>(Words) }, cancellationToken));
            var opening = opened.Vault.OpeningReport;
            var findings = opened.Vault.GetFindings().Count(finding => !finding.IsAccepted);
            var view = new HousekeepingView(
                opening.Blocks + report.Sync.Blocks, opening.Commits + report.Sync.Commits, report.PendingSent, report.IndexRebuilt, report.PacksMade, report.CommitsPacked, report.PacksMerged,
                report.CommitsDeleted, report.PacksDeleted, report.JunkDeleted, report.BodiesDeleted, report.BytesFreed, report.NothingDeletedBecause, findings);
            if (session.Json)
                session.WriteJson(view, ViewJson.Readable.HousekeepingView);
            else
                await PrintAsync(session.Out, view);
            PendingFiles.TellOf(session, chosen, (await opened.Vault.GetStatusAsync(cancellationToken)).Pending);
            if (findings > 0)
                session.Tell($"{Quantity.Of(findings, "finding")} about this vault; see 'coffer status {chosen}'.");
        });
    }

    private static string Words(HousekeepingStep step) => step switch
    {
        HousekeepingStep.Index => "checking the index",
        HousekeepingStep.Sync => "bringing what is new",
        HousekeepingStep.Packing => "packing commits",
        HousekeepingStep.Deleting => "deleting what packs hold",
        HousekeepingStep.Merging => "merging packs",
        HousekeepingStep.Bodies => "looking for bodies that nobody needs",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "There is no such step."),
    };

    private static async Task PrintAsync(TextWriter output, HousekeepingView view)
    {
        var lines = Lines(view).ToList();
        if (view.NothingDeletedBecause is { } reason)
            lines.Add($"nothing was deleted: {ErrorText.OneLine(reason)}");
        else if (lines.Count == 0)
            lines.Add("nothing to do");
        foreach (var line in lines)
            await output.WriteLineAsync(line);
    }

    private static IEnumerable<string> Lines(HousekeepingView view)
    {
        if (view.Blocks + view.Commits > 0)
            yield return $"new: {Quantity.Of(view.Blocks, "block")} of the ledger, {Quantity.Of(view.Commits, "commit")}";
        if (view.PendingSent > 0)
            yield return $"sent {Quantity.Of(view.PendingSent, "pending file")}";
        if (view.IndexRebuilt)
            yield return "the index was damaged, and was made anew from the store";
        if (view.PacksMade > 0)
            yield return $"packed {Quantity.Of(view.CommitsPacked, "commit")} into {Quantity.Of(view.PacksMade, "pack")}";
        if (view.CommitsDeleted > 0)
            yield return $"deleted {Quantity.Of(view.CommitsDeleted, "commit")} that packs hold";
        if (view.PacksMerged > 0)
            yield return $"made {Quantity.Of(view.PacksMerged, "pack")} of older packs";
        if (view.PacksDeleted > 0)
            yield return $"deleted {Quantity.Of(view.PacksDeleted, "pack")} that newer ones replace";
        if (view.JunkDeleted > 0)
            yield return $"deleted {Quantity.Of(view.JunkDeleted, "object")} that {(view.JunkDeleted == 1 ? "is no commit" : "are no commits")}";
        if (view.BodiesDeleted > 0)
            yield return $"deleted contents that nobody needs: {Quantity.Of(view.BodiesDeleted, "object")}, {ByteSize.Format(view.BytesFreed)}";
    }
}
