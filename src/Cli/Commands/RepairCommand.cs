using System.CommandLine;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer repair</c>: puts back what the store lost and this device has.</summary>
internal static class RepairCommand
{
    public static Command Create()
    {
        var name = Arguments.Vault();
        return new Command("repair", "Put back what the store lost and this device has: the ledger, and what was written from here.") { name }.Runs(async (session, parsed, cancellationToken) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await using var opened = await session.OpenVaultAsync(chosen, cancellationToken);
            opened.RequireIdentity();
            var report = await opened.Vault.RepairAsync(cancellationToken);
            var left = FindingLines.ViewsOf(opened.Vault, report.Left);
            if (session.Json)
                session.WriteJson(new RepairView(report.Blocks, report.Commits, left), ViewJson.Readable.RepairView);
            else
                Print(session.Out, report);
            if (left.Count == 0)
                return ExitCode.Success;
            if (!session.Json)
                left.ForEach(finding => FindingLines.Write(session.Out, finding));
            session.Tell($"this device cannot put back the rest. Run 'coffer repair' where it was written; what is found nowhere, an admin settles with 'coffer settle {chosen}'.");
            return ExitCode.Failure;
        });
    }

    private static void Print(TextWriter output, RepairReport report) => output.WriteLine(
        report.Blocks + report.Commits == 0
            ? report.Left.Count == 0 ? "nothing to put back" : "nothing that is missing is on this device"
            : $"put back {Quantity.Of(report.Blocks, "block")} of the ledger, {Quantity.Of(report.Commits, "commit")}");
}
