using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Copying;

/// <summary>What a copy did so far.</summary>
internal sealed class CopyLog(Action<string> tell)
{
    // So many are kept for the JSON summary; all are told and counted.
    private const int KeptFailures = 1_000;

    private readonly Lock _lock = new();
    private readonly List<TransferFailure> _failures = [];
    private long _copied;
    private long _bytes;
    private long _replaced;
    private long _same;
    private long _failed;

    /// <summary>Counts an object that arrived and was verified.</summary>
    public void Copied(long bytes, bool replaced)
    {
        Interlocked.Increment(ref replaced ? ref _replaced : ref _copied);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Counts an object that was there already.</summary>
    public void WasThere() => Interlocked.Increment(ref _same);

    /// <summary>Tells that an object was left out.</summary>
    public void Fail(string key, string reason)
    {
        Interlocked.Increment(ref _failed);
        lock (_lock)
        {
            if (_failures.Count < KeptFailures)
                _failures.Add(new TransferFailure(key, reason));
        }
        tell($"{VisibleText.OfName(key)}: {ErrorText.OneLine(reason)}");
    }

    public StoreCopyView View(TimeSpan elapsed)
    {
        lock (_lock)
        {
            return new StoreCopyView(Interlocked.Read(ref _copied), Interlocked.Read(ref _replaced), Interlocked.Read(ref _same), Interlocked.Read(ref _bytes),
                Interlocked.Read(ref _failed), Math.Round(elapsed.TotalSeconds, 3), [.. _failures]);
        }
    }
}
