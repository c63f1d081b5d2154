using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Records;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>Writes, deletes and batches.</summary>
internal sealed class FileWriter
{
    private readonly VaultDevice _device;
    private readonly Synchronizer _sync;
    private readonly CommitPump _pump;
    private readonly FilePreparer _files;
    private readonly BatchPreparer _batches;

    public FileWriter(VaultDevice device, Synchronizer sync, CommitPump pump, PiecePool pool)
    {
        _device = device;
        _sync = sync;
        _pump = pump;
        _files = new FilePreparer(device, pool);
        _batches = new BatchPreparer(device, _files);
    }

    /// <summary>Writes one file; gives it when it is committed.</summary>
    public async Task<FileVersion> WriteAsync(FileWrite write, CancellationToken cancellationToken)
    {
        await CheckAsync([write], cancellationToken);
        var plan = await _files.PrepareAsync(write, cancellationToken);
        return (await CommitAsync([plan], cancellationToken))[0];
    }

    /// <summary>Writes several files that become visible together.</summary>
    public async Task<IReadOnlyList<FileVersion>> WriteManyAsync(IReadOnlyList<FileWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0)
            return [];
        await CheckAsync(writes, cancellationToken);
        return await CommitAsync(await _batches.PrepareAsync(writes, cancellationToken), cancellationToken);
    }

    /// <summary>Hides files that are there.</summary>
    public async Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
            return;
        await CheckAccessAsync(AccessLevel.Write, cancellationToken);
        await CommitAsync(paths.Select(path => new DeletePlan { Space = Spaces.Files, Path = path, Id = _files.NewRecordId() }).ToList<RecordPlan>(), cancellationToken);
    }

    /// <summary>Writes a new version with other attributes and the same body.</summary>
    public async Task<FileVersion> SetAttributesAsync(FileVersion version, LocatedContent content, ReadOnlyMemory<byte> attributes, CancellationToken cancellationToken)
    {
        await CheckAccessAsync(AccessLevel.Write, cancellationToken);
        CheckAttributes(attributes);
        var plan = new PutPlan
        {
            Space = Spaces.Files,
            Path = version.Path,
            Id = _files.NewRecordId(),
            Modified = version.Modified.ToUnixTimeMilliseconds(),
            Attributes = attributes,
            ContentEnd = version.Expires?.ToUnixTimeMilliseconds() ?? 0,
            Small = content.Small,
            Body = content.Body,
            Objects = content.Objects,
        };
        return (await CommitAsync([plan], cancellationToken))[0];
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
        var commit = await _pump.CommitAsync(new CommitRequest(plans)).WaitAsync(cancellationToken);
        var records = commit.Head.Records.OfType<FileRecord>().ToDictionary(record => record.Id);
        return [.. plans.Select(plan => Written(commit, records[plan.Id]))];
    }

    private FileVersion Written(Commit commit, FileRecord record)
    {
        var put = record as PutRecord;
        return new FileVersion
        {
            Path = record.Path,
            Id = FileVersion.IdOf(_device.Me, record.Id),
            IsDelete = put is null,
            Size = put?.Body.Length ?? 0,
            Modified = DateTimeOffset.FromUnixTimeMilliseconds(put?.Modified ?? 0),
            Written = commit.Header.Clock.Time,
            Author = _device.Me,
            Attributes = put?.Attributes ?? default,
            Expires = put is { ContentEnd: > 0 and var end } ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        };
    }

    private async Task CheckAsync(IReadOnlyList<FileWrite> writes, CancellationToken cancellationToken)
    {
        var more = 0L;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            VaultPath.Check(write.Path);
            if (!paths.Add(write.Path))
                throw new ArgumentException($"'{write.Path}' stands twice in one batch.", nameof(writes));
            CheckAttributes(write.Options?.Attributes ?? default);
            if (write.Options?.Life is { } life && life <= TimeSpan.Zero)
                throw new ArgumentException($"The life of '{write.Path}' must be longer than nothing.", nameof(writes));
            more += write.Content.Length ?? 0;
        }
        await CheckAccessAsync(AccessLevel.Write, cancellationToken);
        if (_device.Ledger.Tip.Configuration.Quota is > 0 and var quota && _device.Records.AllocatedSize() is var allocated && allocated + more > quota)
            throw new VaultQuotaException(allocated, more, quota);
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
        if (_device.Level < needed)
            throw AccessDenials.Writing(_device.Level);
    }
}
