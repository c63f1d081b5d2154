using Coffer.Vaults.Files;

namespace Coffer.Vaults.Transfers;

/// <summary>The uploads of one call. When it is disposed they are let go, to be gone on with by a later call; once their commit is accepted, what they noted is removed.</summary>
internal sealed class Uploads(UploadJournals journals) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<UploadJournal> _open = [];

    /// <inheritdoc cref="UploadJournals.TryOpen"/>
    public UploadJournal? TryOpen(FileContent content, PublicId? recipient)
    {
        if (journals.TryOpen(content, recipient) is not { } journal)
            return null;
        lock (_lock)
            _open.Add(journal);
        return journal;
    }

    /// <summary>Notes that all of them are committed.</summary>
    public void Complete()
    {
        foreach (var journal in _open)
            journal.Delete();
    }

    public void Dispose()
    {
        foreach (var journal in _open)
            journal.Dispose();
    }
}
