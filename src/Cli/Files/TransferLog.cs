using Coffer.Cli.Output;

namespace Coffer.Cli.Files;

/// <summary>What a transfer did: counts, and what it had to leave out, which is told at once and again in the summary.</summary>
internal sealed class TransferLog(Action<string> tell)
{
    private readonly FailureLog _failures = new(tell);
    private long _files;
    private long _links;
    private long _folders;
    private long _bytes;

    /// <summary>Counts something that arrived, and the bytes of its content.</summary>
    public void Add(EntryKind kind, long bytes)
    {
        Interlocked.Increment(ref kind == EntryKind.File ? ref _files : ref kind == EntryKind.Link ? ref _links : ref _folders);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Tells that something was left out.</summary>
    public void Fail(string path, string reason) => _failures.Add(path, reason);

    public TransferView View(TimeSpan elapsed) => new(
        Interlocked.Read(ref _files), Interlocked.Read(ref _links), Interlocked.Read(ref _folders), Interlocked.Read(ref _bytes), _failures.Count,
        Math.Round(elapsed.TotalSeconds, 3), _failures.ToList());
}
