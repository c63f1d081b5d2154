using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>The steps that read. What they are shown is held against the model at once.</summary>
internal sealed class ReadingSteps(SimWorld world, Device device, SimRandom random)
{
    /// <summary>How long an unchanged change marker is believed, and what a call takes beside that.</summary>
    private static readonly TimeSpan MarkerTrust = TimeSpan.FromMinutes(6);

    /// <summary>So many of the newest writes are looked for after a sync that failed.</summary>
    private const int Newest = 5;

    private readonly TeamModel _model = world.Model;

    public Task ReadAsync() => ReadAsync(PathChoice.ForRead(random, _model), null, null);

    public async Task ReadRangeAsync()
    {
        var name = PathChoice.ForRead(random, _model);
        var stat = await StatAsync(name);
        if (stat is not { Size: > 0 } version)
            return;
        var from = (long)(random.NextDouble() * version.Size);
        var range = random.Chance(0.5) ? new ByteRange(from) : new ByteRange(from, random.Between(1, 70_000));
        await ReadAsync(name, version.Id, range);
    }

    public async Task ReadVersionAsync()
    {
        if (await ListVersionsAsync(PathChoice.ForRead(random, _model)) is not { Count: > 0 } versions)
            return;
        var version = random.Pick(versions);
        if (version is { IsDelete: false, IsExpired: false })
            await ReadAsync(FileName.Of(version), version.Id, null);
    }

    public Task StatAsync() => StatAsync(PathChoice.ForRead(random, _model));

    public async Task ListAsync()
    {
        var folder = PathChoice.Folder(random);
        var options = new ListFilesOptions
        {
            Recursive = random.Chance(0.6),
            After = random.Chance(0.2) ? PathChoice.Path(random) : null,
            Limit = random.Chance(0.2) ? random.Between(1, 5) : null,
        };
        var result = await device.CallAsync($"list '{folder}'{(options.Recursive ? " recursive" : "")} after '{options.After}' limit {options.Limit}",
            vault => Collect.AllAsync(vault.ListAsync(folder, options)), ShowAll);
        if (result.Value is not { } entries)
            return;
        if (options.Limit < entries.Count)
            world.Context.Violation($"{device.Name} listed {entries.Count} entries instead of {options.Limit} at most");
        (string Path, FileSeal? Seal)? last = options.After is { } after ? (after, null) : null;
        foreach (var entry in entries)
        {
            if (last is { } before && !IsBehind(entry, before.Path, before.Seal))
                world.Context.Violation($"{device.Name} listed '{entry.Path}' {entry.File?.Seal} after '{before.Path}' {before.Seal}");
            last = (entry.Path, entry.File?.Seal);
            if (entry.File is { } version)
                _model.Observe(device, version);
        }
    }

    public Task ListVersionsAsync() => ListVersionsAsync(PathChoice.ForRead(random, _model));

    public async Task ReadMemberAsync()
    {
        var person = random.Pick(world.People);
        await device.CallAsync($"member-attributes {person.Name}", vault => vault.GetMemberAttributesAsync(person.Id), Dump.Show);
    }

    public async Task SyncAsync()
    {
        var result = await device.SyncAsync();
        if (!result.Succeeded)
        {
            await LookAtNewestAsync();
            return;
        }
        _model.Saw(device, result.Began);
        device.SyncedFrom = Math.Max(result.Began, device.SyncedFrom ?? 0);
    }

    /// <summary>A sync that failed may have brought a part of what is new. Until the next one that part is shown, and must be whole in itself.</summary>
    private async Task LookAtNewestAsync()
    {
        var names = _model.Attempts.Where(one => one.Device != device && one is { Acknowledged: not null, Kind: AttemptKind.Write }).TakeLast(Newest).Select(static one => one.Name).Distinct().ToList();
        foreach (var name in names.Concat(names.AsEnumerable().Reverse()))
            await ListVersionsAsync(name);
    }

    /// <summary>By the bytes of the paths; of one path first the plain file, then the sealed ones by sender and recipient.</summary>
    private static bool IsBehind(FolderEntry entry, string path, FileSeal? seal)
    {
        if (Utf8Order.Compare(path, entry.Path) is var order && order != 0)
            return order < 0;
        return entry.File?.Seal is { } later && (seal is null || (seal.Sender, seal.Recipient).CompareTo((later.Sender, later.Recipient)) < 0);
    }

    private async Task<FileVersion?> StatAsync(string name)
    {
        var (path, seal) = _model.FileOf(name);
        var result = await device.CallAsync($"stat '{name}'", vault => vault.StatAsync(path, seal), version => version is null ? "nothing" : TeamModel.Show(version));
        if (!result.Succeeded)
            return null;
        if (result.Value is { } version)
            _model.Observe(device, version);
        _model.Promise(new Promise(device, name, result.Value is { } shown ? [shown.Id] : [], IsNewest: true, Own(name, result.Began), result.Ended));
        return result.Value;
    }

    private async Task ReadAsync(string name, string? versionId, ByteRange? range)
    {
        var (path, seal) = _model.FileOf(name);
        var options = new ReadFileOptions { VersionId = versionId, Range = range, Seal = seal };
        var result = await device.CallAsync($"read '{name}' {versionId} {range}", async vault =>
        {
            await using var reader = await vault.OpenReadAsync(path, options);
            return (reader.Version, Bytes: await Collect.BytesAsync(reader.Content));
        }, read => $"{read.Bytes.Length} B of {TeamModel.Show(read.Version)}");
        if (!result.Succeeded)
            return;
        _model.ObserveContent(device, result.Value.Version, result.Value.Bytes, range);
        if (versionId is null)
            _model.Promise(new Promise(device, name, [result.Value.Version.Id], IsNewest: true, Own(name, result.Began), result.Ended));
    }

    /// <summary>Looks at the versions of a file; null when that failed.</summary>
    public async Task<IReadOnlyList<FileVersion>?> ListVersionsAsync(string name)
    {
        var synced = device.SyncedFrom;
        var old = world.Context.Time.GetUtcNow() - MarkerTrust;
        var standing = _model.Attempts.Where(one => one.Name == name && one.VersionId is not null && one.Acknowledged < device.Lines.UpTo(one)).ToList();
        var result = await device.VersionsAsync(name);
        if (result.Value is not { } versions)
            return null;
        foreach (var version in versions)
            _model.Observe(device, version);
        HoldAgainstSync(name, versions, result.Began, old);
        HoldAgainstLines(standing, versions);
        HoldAgainstAccess(name, versions, synced);
        device.Shown.Hold(name, versions, Own(name, result.Began), result.Began, _model, world.Context);
        _model.Promise(new Promise(device, name, [.. versions.Select(version => version.Id)], IsNewest: false, [], result.Ended));
        return versions;
    }

    /// <summary>One sync brings everything: what had been acknowledged to anybody before it began is shown after it. And without one, no call shows less than what there was some minutes ago.</summary>
    private void HoldAgainstSync(string name, IReadOnlyList<FileVersion> versions, long moment, DateTimeOffset old)
    {
        if (world.ClocksAreSet || _model.Access.WasEverTaken(device.Person, AccessLevel.Read) || !FileName.IsFor(_model.FileOf(name).Seal, device.Person))
            return;
        var synced = device.SyncedFrom is { } began && began <= moment ? began : 0;
        var shown = versions.Select(static version => version.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var attempt in _model.Attempts.Where(one => one.Name == name && one.VersionId is { } id && !shown.Contains(id) && (one.Acknowledged < synced || (one.Acknowledged is not null && one.AcknowledgedAt < old))))
        {
            if (!_model.Access.MayBeCutOff(attempt.Author.Id) && !_model.MayHaveEnded(attempt))
                world.Context.Violation($"{device.Name} does not show {attempt}, which was acknowledged before its last sync began, or long ago");
        }
    }

    /// <summary>What stands in front of a write that was shown is shown as well.</summary>
    private void HoldAgainstLines(IReadOnlyList<Attempt> standing, IReadOnlyList<FileVersion> versions)
    {
        if (world.ClocksAreSet || _model.Access.WasEverTaken(device.Person, AccessLevel.Read))
            return;
        foreach (var attempt in standing.Where(one => FileName.IsFor(one.Seal, device.Person) && !versions.Any(version => version.Id == one.VersionId)))
        {
            if (!_model.Access.MayBeCutOff(attempt.Author.Id) && !_model.MayHaveEnded(attempt) && world.Context.Lines.IsOne(attempt.Device))
                world.Context.Violation($"{device.Name} does not show {attempt}, and shows what {attempt.Device.Name} began to write after that was acknowledged");
        }
    }

    /// <summary>What was begun after its author's write access had been taken counts for nobody who has seen that, whether its author's device knew of it or not.</summary>
    private void HoldAgainstAccess(string name, IReadOnlyList<FileVersion> versions, long? synced)
    {
        foreach (var attempt in versions.Select(version => _model.MakerOf(name, version.Id)).OfType<Attempt>())
        {
            if (_model.Access.TakenForGood(attempt.Author, AccessLevel.Write) is { } taken && taken < attempt.Began && taken < synced)
                world.Context.Violation($"{device.Name} shows {attempt}, and has seen that its author could not write any more when it began");
        }
    }

    /// <summary>The versions of a path that this device had had acknowledged, and that no cut-off may have taken.</summary>
    private List<string> Own(string name, long moment) =>
    [
        .. _model.Attempts
            .Where(one => one.Device == device && one.Life == device.Life && one.Name == name && one.VersionId is not null && one.Acknowledged < moment)
            .Where(one => !_model.Access.MayBeCutOff(one.Author.Id) && !_model.MayHaveEnded(one) && !device.Time.HasJumped)
            .Select(one => one.VersionId!),
    ];

    private static string ShowAll(List<FolderEntry> entries) =>
        string.Join(", ", entries.Select(entry => entry.File is { } version ? TeamModel.Show(version) : $"'{entry.Path}/'"));
}
