using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Files;

/// <summary>What a transfer did: counts, and what it had to leave out, which is told at once and again in the summary.</summary>
internal sealed class TransferLog(Action<string> tell)
{
    // So many are kept for the JSON summary; all are told and counted.
    private const int KeptFailures = 1_000;

    private readonly Lock _lock = new();
    private readonly List<TransferFailure> _failures = [];
    private long _files;
    private long _links;
    private long _folders;
    private long _bytes;
    private long _failed;

    /// <summary>Counts something that arrived, and the bytes of its content.</summary>
    public void Add(EntryKind kind, long bytes)
    {
        Interlocked.Increment(ref kind == EntryKind.File ? ref _files : ref kind == EntryKind.Link ? ref _links : ref _folders);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Tells that something was left out.</summary>
    public void Fail(string path, string reason)
    {
        Interlocked.Increment(ref _failed);
        lock (_lock)
        {
            if (_failures.Count < KeptFailures)
                _failures.Add(new TransferFailure(path, reason));
        }
        tell($"{VisibleText.OfName(path)}: {ErrorText.OneLine(reason)}");
    }

    public TransferView View(TimeSpan elapsed)
    {
        lock (_lock)
        {
            return new TransferView(
                Interlocked.Read(ref _files), Interlocked.Read(ref _links), Interlocked.Read(ref _folders), Interlocked.Read(ref _bytes), Interlocked.Read(ref _failed),
                Math.Round(elapsed.TotalSeconds, 3), [.. _failures]);
        }
    }
}
