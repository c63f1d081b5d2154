using Coffer.Cli.Output;

namespace Coffer.Cli.Copying;

/// <summary>What a copy did so far.</summary>
internal sealed class CopyLog(Action<string> tell)
{
    private readonly FailureLog _failures = new(tell);
    private long _copied;
    private long _bytes;
    private long _replaced;
    private long _same;

    /// <summary>Counts an object that arrived and was verified.</summary>
    public void Copied(long bytes, bool replaced)
    {
        Interlocked.Increment(ref replaced ? ref _replaced : ref _copied);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Counts an object that was there already.</summary>
    public void WasThere() => Interlocked.Increment(ref _same);

    /// <summary>Tells that an object was left out.</summary>
    public void Fail(string key, string reason) => _failures.Add(key, reason);

    public StoreCopyView View(TimeSpan elapsed) => new(
        Interlocked.Read(ref _copied), Interlocked.Read(ref _replaced), Interlocked.Read(ref _same), Interlocked.Read(ref _bytes), _failures.Count,
        Math.Round(elapsed.TotalSeconds, 3), _failures.ToList());
}
