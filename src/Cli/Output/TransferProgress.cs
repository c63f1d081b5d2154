using Coffer.Cli.Invocation;
using Spectre.Console;

namespace Coffer.Cli.Output;

/// <summary>How far a transfer is: a bar on standard error when that is a terminal, else nothing.</summary>
internal sealed class TransferProgress
{
    private readonly Action<string> _tell;
    private readonly ProgressTask? _bar;
    private long _expected;

    private TransferProgress(Action<string> tell, ProgressTask? bar)
    {
        _tell = tell;
        _bar = bar;
    }

    /// <summary>Whether anybody looks: only then is it worth finding out how much there is to do.</summary>
    public bool IsShown => _bar is not null;

    /// <summary>Runs a transfer under a bar.</summary>
    public static async Task RunAsync(ToolInvocation invocation, string title, Func<TransferProgress, Task> transfer)
    {
        if (!invocation.ShowsProgress)
        {
            await transfer(new TransferProgress(invocation.Error.WriteLine, null));
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DoneColumn(), new SpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context => await transfer(new TransferProgress(console.WriteLine, context.AddTask(Markup.Escape(title), maxValue: 1))));
    }

    /// <summary>Says that so many more bytes are to be done.</summary>
    public void Expect(long bytes)
    {
        if (_bar is { } bar)
            bar.MaxValue = Math.Max(1, Interlocked.Add(ref _expected, bytes));
    }

    /// <summary>Says that so many more bytes are done.</summary>
    public void Advance(long bytes) => _bar?.Increment(bytes);

    /// <summary>Takes the reports of one file, each with the sum so far.</summary>
    public IProgress<long> OfFile() => new FileProgress(this);

    /// <summary>Writes a line to standard error, above the bar when there is one.</summary>
    public void Tell(string line) => _tell(line);

    /// <summary>Reports come from several threads, and a later one may overtake an earlier one.</summary>
    private sealed class FileProgress(TransferProgress all) : IProgress<long>
    {
        private readonly Lock _lock = new();
        private long _done;

        public void Report(long value)
        {
            lock (_lock)
            {
                if (value <= _done)
                    return;
                all.Advance(value - _done);
                _done = value;
            }
        }
    }
}
