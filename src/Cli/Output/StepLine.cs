using Coffer.Cli.Invocation;
using Coffer.Vaults;
using Spectre.Console;

namespace Coffer.Cli.Output;

/// <summary>What housekeeping is at: a line on standard error that moves while it works when that is a terminal, else nothing.</summary>
internal static class StepLine
{
    /// <summary>Runs work that tells its steps.</summary>
    public static async Task<T> RunAsync<T>(ToolInvocation invocation, Func<IProgress<HousekeepingStep>?, Task<T>> work)
    {
        if (!invocation.ShowsProgress)
            return await work(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Status().StartAsync(Words(HousekeepingStep.Index), async context => await work(new Shown(context)));
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

    private sealed class Shown(StatusContext context) : IProgress<HousekeepingStep>
    {
        public void Report(HousekeepingStep value) => context.Status(Words(value));
    }
}
