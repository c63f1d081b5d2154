using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.Records;
using Coffer.Vaults.Sync;

namespace Coffer.Vaults.Packs;

/// <summary>Whole commits, byte for byte: those of this device from its state, all others from the store; and the check that they are what their authors wrote.</summary>
internal sealed class WholeCommits(VaultDevice device)
{
    private const int Reads = 16;

    private readonly CommitOpener _opener = new(device.Keys, device.Identity, device.Environment);

    /// <summary>Reads commits for a pack. One that is gone, or is not whole, is left out.</summary>
    public async Task<List<PackEntry>> ReadAsync(IReadOnlyList<PackableCommit> commits, CancellationToken cancellationToken)
    {
        var read = await Concurrently.SelectAsync(commits, Reads, async (commit, token) => (commit, await BytesAsync(commit, token)), cancellationToken);
        var entries = new List<PackEntry>();
        await device.Environment.Workers.RunAsync(() =>
        {
            foreach (var (commit, bytes) in read)
            {
                if (bytes is not null && ToEntry(commit, bytes) is { } entry)
                    entries.Add(entry);
            }
        }, cancellationToken);
        return entries;
    }

    /// <summary>Whether an entry of a pack is the commit of that name in the index, and every body in its tail that lives is whole.</summary>
    public bool IsGood(PackEntry entry, long now)
    {
        if (!device.Commits.Holds(entry.Name, entry.Hash))
            return false;
        if (entry.Form == PackForm.Stub)
            return RecordEnds.HasPassed(entry.Header.Ends, now);
        if (entry.Form == PackForm.WithoutTail && entry.Header.TailLength == 0)
            return true;
        return Open(entry) is { } commit && (entry.Form == PackForm.WithTail ? TailCheck.IsWhole(commit, entry.Tail.Span, now) : !commit.HasLivingTail(now));
    }

    private async ValueTask<byte[]?> BytesAsync(PackableCommit commit, CancellationToken cancellationToken)
    {
        if (device.OwnWriters.BytesOf(commit.Name, commit.Hash) is { } own)
            return own;
        try
        {
            return await device.Store.ReadBytesAsync(device.Names.Commit(commit.Name), limit: commit.TailOffset + CommitHeader.MaxTail, cancellationToken: cancellationToken);
        }
        catch (StoreException fault) when (fault.Kind is StoreErrorKind.NotFound or StoreErrorKind.QuotaExceeded)
        {
            return null;
        }
    }

    private PackEntry? ToEntry(PackableCommit known, byte[] bytes)
    {
        if (bytes.Length < known.TailOffset)
            return null;
        CommitHeader header;
        try
        {
            header = CommitHeader.Parse(bytes.AsSpan(0, CommitHeader.Size));
        }
        catch (WireException)
        {
            return null;
        }
        if (header.TotalLength != bytes.Length || header.TailOffset != known.TailOffset)
            return null;
        var whole = PackEntry.Whole(header, bytes.AsMemory(0, header.TailOffset), bytes.AsMemory(header.TailOffset));
        var entry = known.HasLivingTail(device.Passed) ? whole : PackEntry.Whole(header, whole.Head, default);
        return entry.Hash == known.Hash && IsGood(entry, device.Passed) ? entry : null;
    }

    private Commit? Open(PackEntry entry) => _opener.Open(device.Ledger.Tip.VaultId, new FetchedCommit(entry.Name, entry.Header, entry.Head, null)).Commit;
}
