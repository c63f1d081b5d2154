using System.Text;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>docs/attacks.md: the attacks and what comes of each, as the tests hold it.</summary>
internal static class AttackTable
{
    /// <summary>A variable of the environment that has the file written anew.</summary>
    public const string Renew = "COFFER_RENEW_ATTACKS";

    /// <summary>Where it is.</summary>
    public static string File { get; } = Path.Combine(Root(), "docs", "attacks.md");

    /// <summary>The whole file.</summary>
    public static string Of(IReadOnlyList<Attack> attacks)
    {
        var paths = Enum.GetNames<ReadPath>();
        var text = new StringBuilder();
        text.Append($"""
            # Attacks by a store and by members, and what comes of them

            {attacks.Count} attacks on {paths.Length} paths, {attacks.Count * paths.Length} cells. `tests/Vault.Tests/Attacks` runs each against a vault with something of everything, holds whatever is shown against what was written, and this page against what it found; it is made by that test.

            {string.Join('\n', Verdict.All.Select(static verdict => $"- **{verdict.Letter}**: {verdict.Meaning}"))}

            Whatever the letter: what is shown is what its author wrote, with the author's times and sizes, to the last byte before an error; what is not shown is no more than can be lost with the objects that the store does not show as they are; findings speak of those objects, or of the member who broke the rules, and of nothing else; and when the store is honest again after *Housekeep*, everything that it had can be read.

            *Open*, *Sync*, *List*, *Stat*, *Read*, *Range*, *Versions* (which reads each), *Rebuild*, *Verify* (deep) and *Housekeep* are on a device that has seen the vault as it was. *First* and *Pinned* are the first opening by the creator's id, and by an invitation. Where a store lists names without an end, this test believes 2,000 of them, and a vault 4,194,304, or 67,108,864 bodies.

            | the store ... | {string.Join(" | ", paths)} |
            | --- |{string.Concat(paths.Select(static _ => " --- |"))}

            """);
        foreach (var attack in attacks)
            text.Append($"| {attack.Name} | {string.Join(" | ", attack.Expected.ToCharArray())} |\n");
        return text.ToString();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "Coffer.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests do not stand in the tree that they were built from.");
        return folder;
    }
}
