using Coffer.Cli.Files;
using Coffer.Cli.Invocation;
using Coffer.Vaults;

namespace Coffer.Cli.Output;

/// <summary>Findings as this tool prints them.</summary>
internal static class FindingLines
{
    public static FindingView ViewOf(ReportedFinding reported)
    {
        var finding = reported.Finding;
        return new FindingView(
            reported.Number, JsonName(finding.Kind), finding.Subject, finding.Message, finding.Member?.ToString(), finding.NamesStore, reported.FirstSeen, finding.Writer, finding.Expected, finding.Found);
    }

    /// <summary>What a command found, each with its number on this device; 0 where it is not kept.</summary>
    public static List<FindingView> ViewsOf(Vault vault, IEnumerable<Finding> findings)
    {
        var kept = vault.GetFindings().ToLookup(static reported => reported.Finding.Subject, StringComparer.Ordinal);
        return [.. findings.Select(finding => ViewOf(
            kept[finding.Subject].FirstOrDefault(reported => reported.Finding.IsSame(finding)) ?? new ReportedFinding(0, finding, DateTimeOffset.UnixEpoch, IsAccepted: false)))];
    }

    /// <summary>One finding: its number, what it is, and the evidence below it where there is some.</summary>
    public static void Write(TextWriter output, FindingView view)
    {
        output.WriteLine($"  {view.Number}  {view.Kind}, {EntryText.Time(view.FirstSeen)}: {ErrorText.OneLine(view.Message)}");
        if (view.Expected is { } expected)
            output.WriteLine($"       {ErrorText.OneLine(view.Subject)}: expected {ErrorText.OneLine(expected)}, found {ErrorText.OneLine(view.Found ?? "nothing")}");
    }

    private static string JsonName(FindingKind kind)
    {
        var name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
