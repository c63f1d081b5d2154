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
            # Attacks by a store, and what comes of them

            {attacks.Count} attacks on {paths.Length} paths, {attacks.Count * paths.Length} cells. `tests/Vault.Tests/Attacks` runs each against a vault with something of everything, holds whatever is shown against what was written, and this page against what it found; it is made by that test.

            - **D**: noticed, by an error or a finding. Which one, and that everything else can be read, is held by tests of their own, not by this table.
            - **H**: without effect: all is shown as it was written. What is not signed is passed over.
            - **L**: a limit that [threat-model.md](threat-model.md) names: who opens a vault for the first time by the creator's id alone trusts the store once to show the newest end.

            *Open*, *Sync*, *List*, *Stat*, *Read*, *Range*, *Versions*, *Rebuild*, *Verify* (deep) and *Housekeep* are on a device that has seen the vault as it was; where *Housekeep* is H, the store was honest again afterwards, and everything could be read. *First* and *Pinned* are the first opening by the creator's id, and by an invitation.

            | the store | {string.Join(" | ", paths)} |
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
