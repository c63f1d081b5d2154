using System.CommandLine;
using System.Text;
using Coffer.Cli.Home;
using Coffer.Cli.Output;

namespace Coffer.Cli.Invocation;

/// <summary>What surrounds a command: whose home it works in, and where its output and its errors go.</summary>
internal sealed class ToolInvocation : InvocationConfiguration
{
    private readonly Func<CofferHome> _home;

    private ToolInvocation(Func<CofferHome> home, Stream bytes, TextWriter output, TextWriter error, bool showsProgress, bool showsStyles)
    {
        _home = home;
        Bytes = bytes;
        Output = output;
        Error = error;
        ShowsProgress = showsProgress;
        ShowsStyles = showsStyles;
        EnableDefaultExceptionHandler = false;
        ProcessTerminationTimeout = null;
    }

    /// <summary>The home. It is only looked for when a command needs it: <c>--help</c> works without one.</summary>
    public CofferHome Home => _home();

    /// <summary>Standard output as bytes; <see cref="InvocationConfiguration.Output"/> is the same as text, and flushed first.</summary>
    public Stream Bytes { get; }

    /// <summary>Whether somebody watches a progress bar.</summary>
    public bool ShowsProgress { get; }

    /// <summary>Whether standard output is a terminal that shows text in styles; see no-color.org for the variable that forbids it.</summary>
    public bool ShowsStyles { get; }

    /// <summary>That of this process.</summary>
    public static ToolInvocation OfProcess()
    {
        var bytes = new StandardOutput();
        // A person sees each line as it comes; a pipe gets larger pieces.
        var output = new StreamWriter(bytes, new UTF8Encoding(false), 1 << 14) { NewLine = "\n", AutoFlush = !Console.IsOutputRedirected };
        return new ToolInvocation(CofferHome.OfEnvironment, bytes, output, Console.Error, !Console.IsErrorRedirected, TakesStyles());
    }

    private static bool TakesStyles() => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 } && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>One for another home, with errors among the output.</summary>
    public static ToolInvocation In(CofferHome home, Stream bytes, TextWriter output) => new(() => home, bytes, output, output, showsProgress: false, showsStyles: false);
}
