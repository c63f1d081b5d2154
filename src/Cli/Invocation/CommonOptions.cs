using System.CommandLine;

namespace Coffer.Cli.Invocation;

/// <summary>The options of every command.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Print data as JSON.", Recursive = true };

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show where in the program an error happened.", Recursive = true };

    public static Option<string> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "Take the passphrase from the first line of a file.",
        HelpName = "FILE",
        Recursive = true,
    };
}
