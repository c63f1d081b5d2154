using System.Runtime.CompilerServices;
using Coffer.Vaults.Index;
using Coffer.Vaults.Records;

namespace Coffer.Vaults;

/// <content>The change feed.</content>
public sealed partial class Vault
{
    private const int ChangesAtATime = 500;

    /// <summary>Without a cooldown a watch would ask the store without end.</summary>
    private static readonly TimeSpan LeastWatchPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Where the changes that this device has applied end now.</summary>
    public async Task<ChangePosition> GetPositionAsync(CancellationToken cancellationToken = default)
    {
        await RefreshAsync(cancellationToken);
        lock (_device.Database.Gate)
            return PositionAt(_device.Changes.Last);
    }

    /// <summary>
    /// Follows the changes from a position on, and goes on as new ones come, until it is cancelled. Every change is given at least once, in the order in which this device applied it; after a rebuild of the index, or when an older copy has taken its place, some may come again, and what does not count any more is told as withdrawn once more.
    /// </summary>
    /// <param name="from">Where to begin; null for now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FileChange> WatchAsync(ChangePosition? from = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        from ??= await GetPositionAsync(cancellationToken);
        var origin = from;
        string? index = null;
        while (true)
        {
            await RefreshAsync(cancellationToken);
            foreach (var change in UncountedInAnother(ref index, from))
                yield return change;
            while (NextChanges(ref origin, from) is { Count: > 0 } changes)
            {
                foreach (var (change, wasSeen) in changes)
                {
                    from = change.Position;
                    if (!wasSeen)
                        yield return change;
                }
            }
            await Task.Delay(_device.Cooldown > LeastWatchPause ? _device.Cooldown : LeastWatchPause, _device.Time, cancellationToken);
        }
    }

    /// <summary>What may have been told before an index was built anew, or replaced by an older copy, and does not count there. Nothing where it is still the same index.</summary>
    private List<FileChange> UncountedInAnother(ref string? index, ChangePosition from)
    {
        lock (_device.Database.Gate)
        {
            var now = _device.Status.Name(_device.Environment.Random);
            if (index == now)
                return [];
            var isFirst = index is null;
            index = now;
            if (isFirst && _device.Changes.IsOfThisIndex(from))
                return [];
            return [.. _device.Files.Uncounted(Spaces.Files).Where(row => from.Reaches(row.Author, row.Commit))
                .Select(row => new FileChange(ChangeKind.Withdrawn, FileVersion.Of(row, row.IsExpired(_device.Now)), false, from))];
        }
    }

    /// <summary>
    /// The next changes after a position, all read from one index. In another index than that of the position it begins anew, and tells of each change whether <paramref name="origin"/>, the last position in
    /// another index, has it already.
    /// </summary>
    private List<(FileChange Change, bool WasSeen)> NextChanges(ref ChangePosition origin, ChangePosition from)
    {
        lock (_device.Database.Gate)
        {
            var isHere = _device.Changes.IsOfThisIndex(from);
            if (!isHere)
                origin = from;
            var known = _device.Changes.IsOfThisIndex(origin) ? null : origin;
            var rows = _device.Files.Changes(Spaces.Files, isHere ? from.Change : 0, ChangesAtATime);
            var changes = new List<(FileChange, bool)>(rows.Count);
            var applied = from.Applied;
            for (var i = 0; i < rows.Count; i++)
            {
                var (number, kind, isLate, row) = rows[i];
                var wasSeen = known is not null && (kind == ChangeKind.Withdrawn ? IsThereAgain(row) : !isLate && WasToldBy(known, kind, row));
                // A commit has been followed only once the last of its records was given: who stops before gets all of them again from another index.
                var isEnd = i + 1 < rows.Count ? (rows[i + 1].Row.Author, rows[i + 1].Row.Commit) != (row.Author, row.Commit) : rows.Count < ChangesAtATime;
                var writer = (row.Author, row.Commit.Writer);
                if (kind != ChangeKind.Withdrawn && isEnd)
                    applied = applied.SetItem(writer, Math.Max(applied.GetValueOrDefault(writer), row.Commit.Number));
                var isNewest = _device.Files.Newest(Spaces.Files, row.Path, row.Seal)?.Row == row.Row;
                var position = new ChangePosition(_device.Changes.NameOf(number)!, number, applied);
                changes.Add((new FileChange(kind, FileVersion.Of(row, row.IsExpired(_device.Now)), isNewest, position), wasSeen));
            }
            return changes;
        }
    }

    /// <summary>Of whom something was taken back, nothing tells whether it had been taken back by then. The same goes for what did not count at first in this index: it may have been told to count no more.</summary>
    private bool WasToldBy(ChangePosition known, ChangeKind kind, FileRow row) =>
        kind == ChangeKind.Applied && known.Covers(row.Author, row.Commit) && _device.Ledger.CutOffsOf(row.Author).Count == 0;

    /// <summary>The same version counts in another commit, which was read later, or is told later.</summary>
    private bool IsThereAgain(FileRow row) => _device.Records.IsAccepted(row.Author, row.Record);

    /// <summary>Waits until something changes after a position, and gives the position after that.</summary>
    /// <param name="from">Where to begin; null for now.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<ChangePosition> WaitForUpdatesAsync(ChangePosition? from = null, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(from, cancellationToken))
            return change.Position;
        throw new OperationCanceledException(cancellationToken);
    }

    private ChangePosition PositionAt(long change) => new(_device.Changes.NameOf(change)!, change, _device.Commits.Applied(change));
}
