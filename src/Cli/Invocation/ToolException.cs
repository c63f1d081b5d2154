namespace Coffer.Cli.Invocation;

/// <summary>What the tool itself has to tell its user: what happened, to what, and what to do. The message is all that is shown.</summary>
internal sealed class ToolException(string message, int exitCode = ExitCode.Failure, Exception? inner = null, IReadOnlyList<string>? details = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What is shown below the message, a line each.</summary>
    public IReadOnlyList<string> Details { get; } = details ?? [];

    /// <summary>A command line that is wrong by itself: see <see cref="Invocation.ExitCode.Usage"/>.</summary>
    public static ToolException Usage(string message) => new(message, Invocation.ExitCode.Usage);
}
