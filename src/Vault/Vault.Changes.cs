using System.Runtime.CompilerServices;
using Coffer.Vaults.Records;

namespace Coffer.Vaults;

/// <content>The change feed.</content>
public sealed partial class Vault
{
    private const int ChangesAtATime = 500;

    /// <summary>Where the changes that this device has applied end now.</summary>
    public async Task<ChangePosition> GetPositionAsync(CancellationToken cancellationToken = default)
    {
        await RefreshAsync(cancellationToken);
        return PositionAt(_device.Records.LastChange());
    }

    /// <summary>
    /// Follows the changes from a position on, and goes on as new ones come, until it is cancelled. Every change is given at least once, in the order in which this device applied it; after a rebuild of the index some may come again.
    /// </summary>
    /// <param name="from">Where to begin; null for now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FileChange> WatchAsync(ChangePosition? from = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        from ??= await GetPositionAsync(cancellationToken);
        while (true)
        {
            await RefreshAsync(cancellationToken);
            var isOurs = from.Index == IndexName;
            var position = isOurs ? from.Change : 0;
            var applied = _device.Commits.Applied(position);
            while (_device.Files.Changes(Spaces.Files, position, ChangesAtATime) is { Count: > 0 } changes)
            {
                foreach (var (number, kind, row) in changes)
                {
                    position = number;
                    if (kind != ChangeKind.Withdrawn)
                        applied[row.Commit.Writer] = Math.Max(applied.GetValueOrDefault(row.Commit.Writer), row.Commit.Number);
                    if (!isOurs && kind == ChangeKind.Applied && from.Covers(row.Commit.Writer, row.Commit.Number))
                        continue;
                    var isNewest = _device.Files.Newest(Spaces.Files, row.Path)?.Row == row.Row;
                    yield return new FileChange(kind, FileVersion.Of(row, row.IsExpired(_device.Now)), isNewest, new ChangePosition(IndexName, number, new SortedDictionary<ulong, long>(applied)));
                }
            }
            from = new ChangePosition(IndexName, position, applied);
            await Task.Delay(_device.Cooldown, _device.Time, cancellationToken);
        }
    }

    /// <summary>Waits until something changes after a position, and gives the position after that.</summary>
    /// <param name="from">Where to begin; null for now.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<ChangePosition> WaitForUpdatesAsync(ChangePosition? from = null, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(from, cancellationToken))
            return change.Position;
        throw new OperationCanceledException(cancellationToken);
    }

    private string IndexName => _device.Status.Name(_device.Environment.Random);

    private ChangePosition PositionAt(long change) => new(IndexName, change, _device.Commits.Applied(change));
}
