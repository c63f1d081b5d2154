using Coffer.Vaults.Commits;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.State;
using Coffer.Vaults.Sync;

namespace Coffer.Vaults.Writers;

/// <summary>
/// Group commit without a timer: the first request goes at once; what arrives while it is in flight is the next commit. One commit is in flight at a time, because number n+1 is sent only when n is known to be stored.
/// </summary>
internal sealed class CommitPump(VaultDevice device, Synchronizer sync, MarkerFlusher marker, OwnRedo redo)
{
    private const int MostRebuilds = 20;

    private readonly Queue<CommitRequest> _waiting = new();
    private readonly Lock _lock = new();
    private readonly PlanSealer _sealer = new(device);
    private readonly CommitBuilder _builder = new(device);
    private readonly CommitSender _sender = new(device, sync);
    private readonly CommitOpener _opener = new(device.Keys, device.Identity, device.Environment);
    private bool _running;
    private Task _run = Task.CompletedTask;

    /// <summary>Commits records that become visible together; the task ends when they are stored and in the index.</summary>
    /// <param name="plans">The records. What belongs to an entry of the queue that is taken out meanwhile is left out.</param>
    /// <param name="cancellationToken">Ends the waiting; the records may be committed all the same.</param>
    /// <exception cref="OperationCanceledException">Also when nothing of them is in the queue any more.</exception>
    public async Task<Commit> CommitAsync(IReadOnlyList<RecordPlan> plans, CancellationToken cancellationToken)
    {
        var request = new CommitRequest(await _sealer.SealAsync(plans, cancellationToken));
        using var waiting = cancellationToken.Register(() => request.Done.TrySetCanceled(cancellationToken));
        return await EnqueueAsync(request);
    }

    private Task<Commit> EnqueueAsync(CommitRequest request)
    {
        TaskCompletionSource ended;
        lock (_lock)
        {
            _waiting.Enqueue(request);
            if (_running)
                return request.Done.Task;
            _running = true;
            ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _run = ended.Task;
        }
        _ = RunAsync(ended);
        return request.Done.Task;
    }

    /// <summary>Waits until nothing is in flight any more.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
            return _run;
    }

    private async Task RunAsync(TaskCompletionSource ended)
    {
        while (TakeGroup() is { Count: > 0 } group)
        {
            try
            {
                if (await CommitAsync(group) is not { } commit)
                    continue;
                foreach (var request in group)
                    request.Done.TrySetResult(commit);
            }
            catch (Exception fault)
            {
                foreach (var request in group)
                    request.Done.TrySetException(fault);
            }
        }
        ended.SetResult();
    }

    private List<CommitRequest> TakeGroup()
    {
        lock (_lock)
        {
            var group = new List<CommitRequest>();
            var tail = 0;
            var head = 0L;
            while (_waiting.TryPeek(out var next) && (group.Count == 0
                || (next.OnlyOwnAttributes == group[0].OnlyOwnAttributes && tail + next.TailLength <= CommitHeader.MaxTail && head + next.HeadEstimate <= CommitBuilder.MaxSharedHead)))
            {
                group.Add(_waiting.Dequeue());
                tail += next.TailLength;
                head += next.HeadEstimate;
            }
            _running = group.Count > 0;
            return group;
        }
    }

    /// <summary>Commits what is still wanted of a group; null when nothing is. What is not is taken out of the group.</summary>
    private async Task<Commit?> CommitAsync(List<CommitRequest> group)
    {
        for (var rebuild = 0; rebuild < MostRebuilds; rebuild++)
        {
            if (!sync.LookedWithin(device.Cooldown) || device.HasUnreadBlocks)
                await sync.LookAtLedgerAsync(CancellationToken.None);
            var height = device.Ledger.Height;
            CheckAccess(group);
            await WriteAheadAgainAsync();
            var lease = device.TakeWriter();
            if (!await SettleAsync(lease) || BuildAndSave(lease.Id, group, height) is not var (commit, own))
            {
                if (group.Count == 0)
                    return null;
                continue;
            }
            if (await _sender.SendAsync(lease.Id, commit, own, sentBefore: false, CancellationToken.None) is var outcome && outcome == SendOutcome.Stored)
            {
                await StoredAsync(commit);
                return commit;
            }
            if (outcome == SendOutcome.WriterEnded)
                device.Writers.Retire();
        }
        throw new VaultException($"The write could not be committed in {MostRebuilds} tries: each time something else stood under the name of its commit, or the ledger had moved on. Nothing of it became visible.");
    }

    /// <summary>What this person stamped ahead, before a clock was mended, is written again first: so it stays behind what is written now.</summary>
    private async Task WriteAheadAgainAsync()
    {
        if (sync.LetAheadWait())
            await redo.RunAsync(async (plans, token) => await CommitAsync([new CommitRequest(await _sealer.SealAsync(plans, token))]), CancellationToken.None);
    }

    private void CheckAccess(List<CommitRequest> group)
    {
        var ledger = device.Ledger;
        var level = ledger.Tip.LevelOf(device.Me);
        if (level < AccessLevel.Read || (level < AccessLevel.Write && !group[0].OnlyOwnAttributes))
            throw AccessDenials.Writing(level);
        device.ThrowIfForked();
    }

    /// <summary>Builds a commit at the ledger height for which access and writer were checked. Null when the ledger has grown since: then both are checked again; or when nothing of the group is wanted any more.</summary>
    private (Commit Commit, OwnWriterTable.OwnCommit Own)? BuildAndSave(ulong writer, List<CommitRequest> group, long height) => device.Database.Write<(Commit, OwnWriterTable.OwnCommit)?>(() =>
    {
        DropUnwanted(group);
        if (group.Count == 0)
            return null;
        var built = _builder.Build(writer, group);
        if (built.Commit.Head.LedgerHeight != height)
            return null;
        var deadline = group.SelectMany(request => request.Plans).OfType<PutPlan>().Select(plan => plan.Deadline).DefaultIfEmpty(long.MaxValue).Min();
        var own = new OwnWriterTable.OwnCommit(built.Commit.Header.Number, built.Commit.Hash, deadline, built.Bytes);
        device.OwnWriters.Save(writer, own);
        foreach (var pending in group.SelectMany(static request => request.Pending))
            device.Pending.MarkSent(pending, writer, own.Number);
        return (built.Commit, own);
    });

    /// <summary>A queued write may have been cancelled since, or have arrived by an earlier commit whose answer was lost.</summary>
    private void DropUnwanted(List<CommitRequest> group)
    {
        foreach (var request in group.FindAll(request => !request.Keep(device.Pending.IsOpen)))
        {
            group.Remove(request);
            request.Done.TrySetCanceled();
        }
    }

    private async Task StoredAsync(Commit commit)
    {
        await sync.ApplyOwnAsync(commit);
        device.Database.Write(() =>
        {
            foreach (var seen in commit.Head.Seen)
                device.Vouches.Reported(seen);
        });
        marker.Touch();
    }

    /// <summary>Finishes what an earlier process, or a request that gave up, left in flight under this writer. False when the writer ended over it.</summary>
    private async Task<bool> SettleAsync(WriterLease lease)
    {
        if (device.OwnWriters.Last(lease.Id) is not { } last || device.Commits.Holds(new CommitLink(device.Me, lease.Id, last.Number, last.Hash)))
            return true;
        var header = CommitHeader.Parse(last.Bytes.AsSpan(0, CommitHeader.Size));
        var opened = _opener.Open(device.Ledger.Tip.VaultId, new FetchedCommit(new CommitName(lease.Id, last.Number), header, last.Bytes, null));
        if (opened.Commit is not { } commit)
        {
            device.Writers.Retire();
            return false;
        }
        switch (await _sender.SendAsync(lease.Id, commit, last, sentBefore: true, CancellationToken.None))
        {
            case SendOutcome.Stored:
                await StoredAsync(commit);
                return true;
            case SendOutcome.WriterEnded:
                device.Findings.Report(Unfinished(commit));
                device.Writers.Retire();
                return false;
            default:
                device.Findings.Report(Unfinished(commit));
                return true;
        }
    }

    private static Finding Unfinished(Commit commit) => new(
        FindingKind.Refused,
        $"commit {commit.Link.Name} {commit.Hash}",
        $"Commit {commit.Link.Name}, which this device had not finished sending, cannot be sent any more: the ledger has moved on, its name was taken, or the bodies that it names have grown too old. It was never acknowledged; write again what is missing: {string.Join(", ", commit.Head.Records.OfType<Records.VersionRecord>().Select(static record => record.AsFile()?.Path).OfType<string>().Take(10))}.",
        commit.Head.Author);
}
