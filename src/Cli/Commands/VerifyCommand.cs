using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer verify</c>: holds all of a vault on its store against what members signed and what this device has seen.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        var deep = new Option<bool>("--deep") { Description = "Read every body to the last byte, instead of looking whether it is there." };
        return new Command("verify", "Check all of a vault on its store; fails when something is missing or was changed.") { name, deep }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            var report = await StepLine.RunAsync(session.Invocation, Words(default), progress =>
                opened.Vault.CheckIntegrityAsync(new IntegrityCheckOptions { Deep = parsed.GetValue(deep), Progress = progress?.Of<IntegrityProgress>(Words) }, cancellationToken));
            var findings = FindingLines.ViewsOf(opened.Vault, report.Findings);
            if (session.Json)
                session.WriteJson(new VerifyView(report.IsSound, report.IsDeep, report.Blocks, report.Commits, report.Packs, report.Objects, report.BytesRead, findings), ViewJson.Readable.VerifyView);
            else
                Print(session.Out, chosen, report, findings);
            return report.IsSound ? ExitCode.Success : ExitCode.Failure;
        });
    }

    private static string Words(IntegrityProgress progress) => progress.Step switch
    {
        IntegrityStep.Sync => "bringing what is new",
        IntegrityStep.Ledger => $"reading the ledger, {progress.Done} of {progress.Total} blocks",
        IntegrityStep.Commits => $"reading commits, {progress.Done} of {progress.Total} objects",
        IntegrityStep.Bodies => $"checking bodies, {progress.Done} of {progress.Total}",
        _ => throw new ArgumentOutOfRangeException(nameof(progress), progress.Step, "There is no such step."),
    };

    private static void Print(TextWriter output, string name, IntegrityReport report, List<FindingView> findings)
    {
        output.WriteLine($"checked {Quantity.Of(report.Blocks, "block")} of the ledger, {Quantity.Of(report.Commits, "commit")}, {Quantity.Of(report.Packs, "pack")}, {Quantity.Of(report.Objects, "object")} with bodies{(report.IsDeep ? "" : " (not read)")}; read {ByteSize.Format(report.BytesRead)}");
        if (report.IsSound)
        {
            output.WriteLine(report.IsDeep ? "sound: all of it is what was written" : "sound: nothing is missing, and ledger and commits are what was written; --deep reads the bodies too");
            return;
        }
        output.WriteLine($"NOT sound: {Quantity.Of(findings.Count, "finding")}");
        foreach (var finding in findings)
            FindingLines.Write(output, finding);
        output.WriteLine($"To go on: 'coffer repair {name}' puts back what this device has, and so it does on the devices of others; an admin settles what nobody has with 'coffer settle {name}'; 'coffer accept {name}' lets this device go on in spite of the rest.");
    }

}
