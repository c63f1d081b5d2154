using System.CommandLine;
using Coffer.Cli.Invocation;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer demo</c>: what this tool is for, shown by its own commands.</summary>
internal static class DemoCommand
{
    public static Command Create() => new Command("demo", "See a vault at work, in a temporary folder, in seconds.").Runs(async (session, _, cancellationToken) =>
    {
        using var stage = new Demo.DemoStage(session.Invocation);
        await new Demo.DemoStory(stage).TellAsync(cancellationToken);
    });
}
