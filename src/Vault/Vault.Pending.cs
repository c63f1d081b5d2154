using Coffer.Vaults.Databases;
using Coffer.Vaults.Files;
using Coffer.Vaults.State;

namespace Coffer.Vaults;

/// <content>Asynchronous and scheduled writes.</content>
public sealed partial class Vault
{
    /// <summary>
    /// Waits until everything in the queue of this device is on the store or was refused, whichever process accepted it; for what is scheduled for later it does not wait. While the store cannot be reached it goes on waiting: cancel it
    /// when that is too long, nothing is lost.
    /// </summary>
    /// <param name="progress">Told what is left.</param>
    /// <param name="cancellationToken">Ends the waiting; the queue goes on.</param>
    /// <exception cref="AggregateException">Some were refused: one <see cref="WriteRefusedException"/> for each file, which names it. They are told once by an open vault, and stay in <see cref="GetPendingAsync"/> until they are tried again or cancelled.</exception>
    public async Task WaitFilesAsync(IProgress<PendingFigures>? progress = null, CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        if (!IsAnonymous)
            await _queue.WaitAsync(progress, cancellationToken);
    }

    /// <summary>
    /// Sends what is in the queue of this device and due, without patience: it ends when nothing of that is left, when an attempt fails, or when another process of the device sends. For a program that runs now and then, and does not send
    /// by itself (<see cref="QueueOptions.Sends"/>).
    /// </summary>
    /// <param name="progress">Told what is left.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many files went. What was refused, and what is left with the error of the last attempt, is in <see cref="GetPendingAsync"/>.</returns>
    public async Task<long> SendPendingAsync(IProgress<PendingFigures>? progress = null, CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        return IsAnonymous ? 0 : await _queue.SendAsync(progress, cancellationToken);
    }

    /// <summary>Lists what asynchronous and scheduled writes left in the queue of this device: what is to be sent, and what was refused; in the order in which it was accepted.</summary>
    public async Task<IReadOnlyList<PendingWrite>> GetPendingAsync(CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        cancellationToken.ThrowIfCancellationRequested();
        return _device.Pending.All();
    }

    /// <summary>Takes a write out of the queue, with its content: one that waits, or one that was refused; of a batch all files.</summary>
    /// <param name="id">Its <see cref="PendingWrite.Id"/>.</param>
    /// <param name="cancellationToken">Cancels this call.</param>
    /// <returns>False when there is none of this number, or when it is on its way and may be on the store already; then it stays, and will be sent.</returns>
    public async Task<bool> CancelPendingAsync(long id, CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        cancellationToken.ThrowIfCancellationRequested();
        return _queue.Cancel(id);
    }

    /// <summary>Tries again a write that was refused, once what it was refused for is mended.</summary>
    /// <param name="id">Its <see cref="PendingWrite.Id"/>.</param>
    /// <param name="cancellationToken">Cancels this call.</param>
    /// <returns>False when there is none of this number that was refused.</returns>
    public async Task<bool> RetryPendingAsync(long id, CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        cancellationToken.ThrowIfCancellationRequested();
        return _queue.Retry(id);
    }

    /// <summary>
    /// Takes over what waits in the queue of another device of mine whose state (<c>*.state.db</c>) is damaged, as far as it can still be read: asynchronous writes that it had accepted and not sent. Those of a batch come all or not at all,
    /// and what it had sent already does not come twice. Nothing is written to the damaged files; remove them afterwards.
    /// </summary>
    /// <param name="indexPath">The index path of that device, as its <see cref="VaultOpenOptions.IndexPath"/> was.</param>
    /// <param name="cancellationToken">Ends it; what was taken over stays.</param>
    /// <returns>The paths of the files that are in the queue of this device now.</returns>
    /// <exception cref="VaultException">Nothing can be read there, or it cannot be told that it is of this vault.</exception>
    /// <exception cref="QueueFullException">There is no room for all of it.</exception>
    public async Task<IReadOnlyList<string>> SalvagePendingAsync(string indexPath, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(indexPath);
        RequireIdentity();
        await CallerContext.Leave();
        return await _queue.SalvageAsync(new LocalPaths(indexPath), cancellationToken);
    }

    /// <summary>Accepts writes that are sent later.</summary>
    private async Task<IReadOnlyList<FileVersion>> AcceptAsync(IReadOnlyList<FileWrite> writes, WriteOptions options, CancellationToken cancellationToken)
    {
        var notBefore = options switch
        {
            { Mode: WriteMode.Async } => 0,
            { NotBefore: { } moment } => Math.Max(0, moment.ToUnixTimeMilliseconds()),
            _ => PendingTable.AtHousekeeping,
        };
        var accepted = _writer.Accept(writes);
        var sizes = await _queue.AcceptAsync(accepted, notBefore, cancellationToken);
        return [.. accepted.Select((write, index) => Accepted(write, sizes[index]))];
    }

    private FileVersion Accepted(AcceptedWrite write, long size) => new()
    {
        Path = write.Plan.Path,
        Id = FileVersion.IdOf(Me, write.Plan.Id),
        Size = size,
        Modified = DateTimeOffset.FromUnixTimeMilliseconds(write.Plan.Modified),
        Written = _device.Time.GetUtcNow(),
        Author = Me,
        Seal = write.Plan.Recipient is { } recipient ? new FileSeal(Me, recipient) : null,
        Attributes = write.Plan.Attributes,
        Expires = write.Plan.ContentEnd == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(write.Plan.ContentEnd),
    };

    /// <summary>How all files of a call are written.</summary>
    private static WriteOptions ModeOf(IReadOnlyList<FileWrite> writes)
    {
        var first = writes[0].Options ?? new WriteOptions();
        if (!Enum.IsDefined(first.Mode))
            throw new ArgumentException($"There is no way to write of number {(int)first.Mode}.", nameof(writes));
        if (first is { NotBefore: not null, Mode: not WriteMode.Scheduled })
            throw new ArgumentException($"A moment to write at ({nameof(WriteOptions.NotBefore)}) goes with the mode {nameof(WriteMode.Scheduled)}, not with {first.Mode}.", nameof(writes));
        if (writes.Any(write => (write.Options?.Mode ?? WriteMode.Sync) != first.Mode || write.Options?.NotBefore != first.NotBefore))
            throw new ArgumentException($"All files of a batch become visible together, so they have one {nameof(WriteOptions.Mode)} and one {nameof(WriteOptions.NotBefore)}.", nameof(writes));
        return first;
    }
}
