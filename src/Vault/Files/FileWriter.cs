using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Index;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Records;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Transfers;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>Writes, deletes and batches.</summary>
internal sealed class FileWriter
{
    private readonly VaultDevice _device;
    private readonly Synchronizer _sync;
    private readonly CommitPump _pump;
    private readonly FileLibrary _library;
    private readonly FilePreparer _files;
    private readonly BatchPreparer _batches;
    private readonly UploadJournals _uploads;

    public FileWriter(VaultDevice device, Synchronizer sync, CommitPump pump, FileLibrary library, PiecePool pool, UploadJournals uploads)
    {
        _device = device;
        _sync = sync;
        _pump = pump;
        _library = library;
        _uploads = uploads;
        _files = new FilePreparer(device, pool);
        _batches = new BatchPreparer(device, _files, pool);
    }

    /// <summary>Writes one file; gives it when it is committed.</summary>
    public async Task<FileVersion> WriteAsync(FileWrite write, CancellationToken cancellationToken)
    {
        CheckArguments([write]);
        await CheckAccessAsync(AccessLevel.Write, cancellationToken);
        var accepted = _files.Accept(write);
        CheckRules([accepted]);
        using var uploads = new Uploads(_uploads);
        var plan = await _files.PrepareAsync(accepted, uploads, cancellationToken);
        var written = await CommitAsync([plan], cancellationToken);
        uploads.Complete();
        return written[0];
    }

    /// <summary>Writes several files that become visible together.</summary>
    public async Task<IReadOnlyList<FileVersion>> WriteManyAsync(IReadOnlyList<FileWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0)
            return [];
        CheckArguments(writes);
        await CheckAccessAsync(AccessLevel.Write, cancellationToken);
        AcceptedWrite[] accepted = [.. writes.Select(_files.Accept)];
        CheckRules(accepted);
        using var uploads = new Uploads(_uploads);
        var written = await CommitAsync(await _batches.PrepareAsync(accepted, uploads, cancellationToken), cancellationToken);
        uploads.Complete();
        return written;
    }

    /// <summary>Accepts writes that are sent later: fixes what they say, and refuses what could never be sent. The store is not asked, so that a write can be accepted while it is away.</summary>
    public IReadOnlyList<AcceptedWrite> Accept(IReadOnlyList<FileWrite> writes)
    {
        CheckArguments(writes);
        CheckAccess(AccessLevel.Write);
        AcceptedWrite[] accepted = [.. writes.Select(_files.Accept)];
        CheckRules(accepted);
        return accepted;
    }

    /// <summary>Sends what was accepted before, in one commit; of one path in the order in which it stands here.</summary>
    /// <param name="writes">The writes. Those whose entry is taken out of the queue meanwhile are left out.</param>
    /// <param name="cancellationToken">Cancels it, as long as the commit is not under way.</param>
    public async Task SendAsync(IReadOnlyList<AcceptedWrite> writes, CancellationToken cancellationToken)
    {
        await CheckAccessAsync(AccessLevel.Write, cancellationToken);
        CheckRules(writes);
        using var uploads = new Uploads(_uploads);
        IReadOnlyList<PutPlan> plans = writes is [var single] ? [await _files.PrepareAsync(single, uploads, cancellationToken)] : await _batches.PrepareAsync(writes, uploads, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        await _pump.CommitAsync(plans, CancellationToken.None);
        uploads.Complete();
    }

    /// <summary>Hides files that are there.</summary>
    public async Task DeleteAsync(IReadOnlyList<string> paths, FileSeal? seal, CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
            return;
        CheckSender(seal);
        await CheckAccessAsync(AccessLevel.Write, cancellationToken);
        var plans = paths.Select(path => new DeletePlan { Space = Spaces.Files, Path = path, Id = _files.NewRecordId(), Recipient = seal?.Recipient });
        await CommitAsync([.. plans], cancellationToken);
    }

    /// <summary>Writes a new version with other attributes and the same body.</summary>
    public async Task<FileVersion> SetAttributesAsync(FileRow row, LocatedBody body, ReadOnlyMemory<byte> attributes, CancellationToken cancellationToken)
    {
        CheckSender(row.Seal);
        await CheckAccessAsync(AccessLevel.Write, cancellationToken);
        CheckRecipient(row.Seal?.Recipient);
        CheckAttributes(attributes);
        var plan = await _library.PlanAgainAsync(row, body, cancellationToken);
        return (await CommitAsync([plan with { Id = _files.NewRecordId(), Attributes = attributes }], cancellationToken))[0];
    }

    /// <summary>Sets an attribute of this member itself.</summary>
    public async Task SetMyAttributeAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        CheckAttributes(value);
        await CheckAccessAsync(AccessLevel.Read, cancellationToken);
        var plan = new PutPlan
        {
            Space = Spaces.Members,
            Path = VaultPath.OwnAttribute(_device.Me, name),
            Id = _files.NewRecordId(),
            Modified = _device.Now,
            Attributes = value,
        };
        await CommitAsync([plan], cancellationToken);
    }

    private async Task<IReadOnlyList<FileVersion>> CommitAsync(IReadOnlyList<RecordPlan> plans, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var commit = await _pump.CommitAsync(plans, cancellationToken);
        var records = commit.Head.Records.OfType<VersionRecord>().ToDictionary(record => record.Id);
        return [.. plans.Select(plan => Written(commit, records[plan.Id]))];
    }

    private FileVersion Written(Commit commit, VersionRecord record)
    {
        var file = record.AsFile()!;
        var put = file as PutRecord;
        return new FileVersion
        {
            Path = file.Path,
            Id = FileVersion.IdOf(_device.Me, record.Id),
            IsDelete = put is null,
            Size = put?.Body.Length ?? 0,
            Modified = DateTimeOffset.FromUnixTimeMilliseconds(put?.Modified ?? 0),
            Written = commit.Header.Clock.Time,
            Author = _device.Me,
            Seal = record is SealedRecord { Recipient: var recipient } ? new FileSeal(_device.Me, recipient) : null,
            Attributes = put?.Attributes ?? default,
            Expires = put is { ContentEnd: > 0 and var end } ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        };
    }

    private static void CheckArguments(IReadOnlyList<FileWrite> writes)
    {
        var files = new HashSet<(string, PublicId?)>();
        foreach (var write in writes)
        {
            VaultPath.Check(write.Path);
            if (!files.Add((write.Path, write.Options?.Recipient)))
                throw new ArgumentException($"'{write.Path}' stands twice in one batch.", nameof(writes));
            CheckAttributes(write.Options?.Attributes ?? default);
            if (write.Options?.Life is { } life && life <= TimeSpan.Zero)
                throw new ArgumentException($"The life of '{write.Path}' must be longer than nothing.", nameof(writes));
        }
    }

    private void CheckRules(IReadOnlyList<AcceptedWrite> writes)
    {
        foreach (var write in writes)
            CheckRecipient(write.Plan.Recipient);
        var more = writes.Sum(static write => write.Content.Length ?? 0);
        if (_device.Ledger.Tip.Configuration.Quota is > 0 and var quota && _device.Allocated is var allocated && allocated + more > quota)
            throw new VaultQuotaException(allocated, more, quota);
    }

    /// <summary>Whether something may be sealed to somebody: who could not read the vault would never see it.</summary>
    private void CheckRecipient(PublicId? recipient)
    {
        if (recipient is not null && !_device.Ledger.Tip.CanRead(recipient))
            throw new RecipientCannotReadException(recipient);
    }

    private void CheckSender(FileSeal? seal)
    {
        if (seal is not null && seal.Sender != _device.Me)
            throw AccessDenials.ChangingWhatIsSealedBy(seal.Sender);
    }

    private static void CheckAttributes(ReadOnlyMemory<byte> attributes)
    {
        if (attributes.Length > RecordCodec.MaxAttributes)
            throw new ArgumentException($"Attributes have up to {RecordCodec.MaxAttributes} bytes, not {attributes.Length}.", nameof(attributes));
    }

    private async Task CheckAccessAsync(AccessLevel needed, CancellationToken cancellationToken)
    {
        if (!_sync.LookedWithin(_device.Cooldown))
            await _sync.LookAtLedgerAsync(cancellationToken);
        CheckAccess(needed);
    }

    private void CheckAccess(AccessLevel needed)
    {
        if (_device.Level < needed)
            throw AccessDenials.Writing(_device.Level);
    }
}
