using Coffer.Cli.Invocation;
using Coffer.Vaults;
using Spectre.Console;

namespace Coffer.Cli.Output;

/// <summary>What a long command is at: a line on standard error that moves while it works when that is a terminal, else nothing.</summary>
internal sealed class StepLine
{
    private readonly StatusContext _context;

    private StepLine(StatusContext context) => _context = context;

    /// <summary>Runs work that tells its steps.</summary>
    /// <param name="invocation">Where to.</param>
    /// <param name="first">What it begins with.</param>
    /// <param name="work">The work; it gets no line where nobody would see it.</param>
    public static async Task<T> RunAsync<T>(ToolInvocation invocation, string first, Func<StepLine?, Task<T>> work)
    {
        if (!invocation.ShowsProgress)
            return await work(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Status().StartAsync(first, async context => await work(new StepLine(context)));
    }

    /// <summary>Takes steps of one kind, and shows them in these words.</summary>
    public IProgress<TStep> Of<TStep>(Func<TStep, string> words) => new Shown<TStep>(_context, words);

    private sealed class Shown<TStep>(StatusContext context, Func<TStep, string> words) : IProgress<TStep>
    {
        public void Report(TStep value) => context.Status(words(value));
    }
}
