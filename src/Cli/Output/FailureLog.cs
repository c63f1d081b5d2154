using Coffer.Cli.Invocation;

namespace Coffer.Cli.Output;

/// <summary>What had to be left out: told at once, counted, and kept for the summary.</summary>
/// <param name="tell">Takes a line for the person.</param>
internal sealed class FailureLog(Action<string> tell)
{
    // So many are kept for the JSON summary; all are told and counted.
    private const int Kept = 1_000;

    private readonly Lock _lock = new();
    private readonly List<TransferFailure> _failures = [];
    private long _count;

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Tells that something was left out.</summary>
    public void Add(string name, string reason)
    {
        Interlocked.Increment(ref _count);
        lock (_lock)
        {
            if (_failures.Count < Kept)
                _failures.Add(new TransferFailure(name, reason));
        }
        tell($"{VisibleText.OfName(name)}: {ErrorText.OneLine(reason)}");
    }

    /// <summary>The first of them.</summary>
    public List<TransferFailure> ToList()
    {
        lock (_lock)
            return [.. _failures];
    }
}
