using Coffer.Vaults.Commits;
using Coffer.Vaults.Housekeeping;
using Coffer.Vaults.State;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Writers;

/// <summary>
/// Sends one commit of a writer until it is known to be stored, or known to have to go out otherwise. Before each attempt it asks state, index and ledger in one transaction whether the number is still free and the commit would still count; and
/// every attempt begins while the last complete listing is younger than half the packing margin.
/// </summary>
internal sealed class CommitSender(VaultDevice device, Synchronizer sync)
{
    private const int MostAttempts = 10;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private TimeSpan Margin => device.PackingMargin;

    /// <summary>Sends a commit whose bytes are in the state.</summary>
    /// <param name="writer">Its writer.</param>
    /// <param name="commit">What the commit says.</param>
    /// <param name="own">Its bytes, and until when it may be sent.</param>
    /// <param name="sentBefore">Whether an earlier attempt may have sent it already.</param>
    /// <param name="cancellationToken">Cancels the attempts. The commit stays in flight, and is finished before the next one.</param>
    /// <exception cref="StoreException">The store refuses it, or could not be asked for too long; then it may still appear.</exception>
    public async Task<SendOutcome> SendAsync(ulong writer, Commit commit, OwnWriterTable.OwnCommit own, bool sentBefore, CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        var mayBeStored = sentBefore;
        for (var attempt = 1; ; attempt++)
        {
            if (!sync.ListedWithin(Margin / 2))
                await sync.SyncAsync(thorough: true, cancellationToken);
            if (device.Database.Write(() => KnownOutcome(writer, commit)) is { } known)
                return known;
            if (device.HasUnreadBlocks)
                await sync.LookAtLedgerAsync(cancellationToken);
            if (!StillCounts(commit))
                return await LookAsync(commit, cancellationToken) ?? SendOutcome.WriterEnded;
            if (await IsTooOldAsync(own.Deadline, cancellationToken))
                return await GiveUpAsync(writer, commit, mayBeStored, cancellationToken);
            try
            {
                await PutAsync(commit.Link.Name, own.Bytes, cancellationToken);
                return SendOutcome.Stored;
            }
            catch (StoreException fault) when (fault.IsTransient || fault.Kind is StoreErrorKind.OutcomeUnknown or StoreErrorKind.AlreadyExists)
            {
                mayBeStored |= !fault.HadNoEffect;
                if (fault.Kind == StoreErrorKind.AlreadyExists && await LookAsync(commit, cancellationToken) is { } taken)
                    return taken;
                if (attempt >= MostAttempts)
                    throw GaveUp(commit, fault);
                await Task.Delay(fault.RetryAfter is { } asked && asked > wait ? asked : wait, device.Time, cancellationToken);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                if (await TryLookAsync(commit, cancellationToken) is { } found)
                    return found;
            }
            catch (StoreException fault) when (!mayBeStored && IsRefusal(fault.Kind))
            {
                // Nothing is in flight, and the number is free again.
                device.OwnWriters.Drop(writer, commit.Header.Number);
                throw;
            }
        }
    }

    /// <summary>
    /// Whether the moment until when a commit may be sent has passed by the store's time. Where listings tell none, what an earlier process left behind may be older than the local clock says; and where that was set ahead, nothing grew older: before a
    /// commit is given up the store itself is asked.
    /// </summary>
    private async Task<bool> IsTooOldAsync(long deadline, CancellationToken cancellationToken)
    {
        if (deadline != long.MaxValue && (device.StoreTime.Now is null || device.StoreNow > deadline))
            await StoreClock.ReadAsync(device, cancellationToken);
        return device.StoreNow > deadline;
    }

    /// <summary>
    /// Gives up a commit whose bodies have grown too old to be named. It may have arrived long ago. When it may still be under way, its number is not used again: what comes
    /// next goes out under a new writer.
    /// </summary>
    private async Task<SendOutcome> GiveUpAsync(ulong writer, Commit commit, bool mayBeStored, CancellationToken cancellationToken)
    {
        if (await LookAsync(commit, cancellationToken) is { } found)
            return found;
        if (mayBeStored)
            return SendOutcome.WriterEnded;
        device.OwnWriters.Drop(writer, commit.Header.Number);
        throw TooOld(commit);
    }

    /// <summary>Whether an error says for certain that the object was not stored.</summary>
    private static bool IsRefusal(StoreErrorKind kind) => kind is StoreErrorKind.PermissionDenied or StoreErrorKind.Unauthenticated or StoreErrorKind.QuotaExceeded
        or StoreErrorKind.InvalidKey or StoreErrorKind.Unsupported or StoreErrorKind.NotFound;

    /// <summary>What index and state know already of the commit's number.</summary>
    private SendOutcome? KnownOutcome(ulong writer, Commit commit)
    {
        if (device.Commits.Holds(commit.Link))
            return SendOutcome.Stored;
        if (!device.Commits.HoldsAnother(commit.Link))
            return null;
        device.OwnWriters.Drop(writer, commit.Header.Number);
        return SendOutcome.NumberTaken;
    }

    /// <summary>Whether the ledger that was imported since lets the commit count.</summary>
    private bool StillCounts(Commit commit)
    {
        if (device.Ledger.Tip.Epoch != commit.Header.Epoch)
            return false;
        if (device.Ledger.Height == commit.Head.LedgerHeight)
            return true;
        var (author, writer) = (device.Me, commit.Header.Writer);
        var (end, plain) = device.Commits.End(author, writer);
        var prefix = plain && LineJudge.AllowsPrefix(device.Ledger, author, writer, end) ? end : LinePrefix.Empty;
        var line = device.Commits.Line(author, writer, prefix.Number);
        line.Add(LineCommit.Of(commit));
        return new LineJudge(device.Ledger, author, writer, line, device.Now, prefix).Judge()[^1].Kind != VerdictKind.Refused;
    }

    /// <summary>Looks at what stands under the commit's name; null when nothing does.</summary>
    private async Task<SendOutcome?> LookAsync(Commit commit, CancellationToken cancellationToken)
    {
        var name = commit.Link.Name;
        if (await sync.ReadAsync(name, cancellationToken) is not { } found)
            return null;
        if (found.Hash.AsSpan().SequenceEqual(commit.Hash.ToArray()))
            return SendOutcome.Stored;
        await sync.ImportAsync(name, cancellationToken);
        var isOwn = found.Commit is { } other && other.Head.Author == device.Me;
        if (isOwn)
            device.OwnWriters.Drop(name.Writer, name.Number);
        return isOwn ? SendOutcome.NumberTaken : SendOutcome.WriterEnded;
    }

    private async Task<SendOutcome?> TryLookAsync(Commit commit, CancellationToken cancellationToken)
    {
        try
        {
            return await LookAsync(commit, cancellationToken);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return null;
        }
    }

    /// <summary>One request, which takes effect within a quarter of the margin or not at all.</summary>
    private async Task PutAsync(CommitName name, byte[] bytes, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Margin / 4, device.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await device.Store.PutBytesAsync(device.Names.Commit(name), bytes, PutOptions.CreateOnly, both.Token);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(StoreErrorKind.OutcomeUnknown, $"The store did not answer in time whether it has commit {name}.", fault) { Operation = StoreOperation.Put, StoreName = device.Store.Name };
        }
    }

    private static VaultException TooOld(Commit commit) => new(
        $"Commit {commit.Link.Name} waited so long to be sent that the bodies it names may be cleaned away. Nothing of it became visible; write the files again.");

    private StoreException GaveUp(Commit commit, StoreException fault) => new(
        StoreErrorKind.OutcomeUnknown,
        $"The store did not answer for too long, so it is not known whether the write arrived (commit {commit.Link.Name}). It is kept, and finished at the next write from this device; it becomes visible as a whole or not at all. {fault.Message}",
        fault)
    { Operation = StoreOperation.Put, StoreName = device.Store.Name };
}
