using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>A program on a device that follows the changes now and then, remembers where it was, and knows by them which versions there are.</summary>
internal sealed class ChangeFeed(Device device, SimContext context)
{
    private readonly HashSet<(string Name, string Id)> _told = [];
    private readonly ShownLines _lines = new();
    private HashSet<(string Name, string Id)> _before = [];
    private ChangePosition? _position;

    /// <summary>Follows for a while.</summary>
    public async Task FollowAsync(TimeSpan time, TeamModel model)
    {
        if (_position is null && !await BeginAsync(model))
            return;
        using var stop = new CancellationTokenSource(time, context.Time);
        await device.CallAsync("watch", async vault =>
        {
            var told = new List<string>();
            try
            {
                await foreach (var change in vault.WatchAsync(_position, stop.Token))
                {
                    told.Add($"{change.Kind} {TeamModel.Show(change.Version)}");
                    _position = change.Position;
                    Apply(change, model);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // It was to go on for so long.
            }
            return told;
        }, static told => $"{told.Count} changes: {string.Join(", ", told)}");
    }

    /// <summary>Holds what the changes told against all that there is in the end.</summary>
    public void Check(IReadOnlyDictionary<string, IReadOnlyList<FileVersion>> versions, TeamModel model)
    {
        if (_position is null || model.IsMortal)
            return;
        context.Counters.Add("feeds that were followed to the end");
        var all = versions.SelectMany(static file => file.Value.Select(version => (Name: file.Key, version.Id))).ToHashSet();
        foreach (var (name, id) in all.Where(version => !_told.Contains(version) && !_before.Contains(version)).Order())
            context.Violation($"{device.Name} was never told of version {id} of '{name}' by the changes that it followed");
        foreach (var (name, id) in _told.Where(version => !all.Contains(version)).Order())
            context.Violation($"{device.Name} was told of version {id} of '{name}' by a change, and it is not there in the end");
    }

    /// <summary>Takes the position first, so that what comes while the rest is read is told as well.</summary>
    public async Task<bool> BeginAsync(TeamModel model)
    {
        var began = await device.CallAsync("position", vault => vault.GetPositionAsync(), static position => "taken");
        if (began.Value is not { } position)
            return false;
        var before = new HashSet<(string, string)>();
        foreach (var name in model.Names.Where(name => FileName.IsFor(model.FileOf(name).Seal, device.Person)).ToList())
        {
            var result = await device.VersionsAsync(name);
            if (result.Value is not { } versions)
                return false;
            before.UnionWith(versions.Select(version => (name, version.Id)));
        }
        (_position, _before) = (position, before);
        return true;
    }

    private void Apply(FileChange change, TeamModel model)
    {
        var attempt = model.Observe(device, change.Version, counts: change.Kind != ChangeKind.Withdrawn);
        var version = (FileName.Of(change.Version), change.Version.Id);
        if (change.Kind != ChangeKind.Withdrawn)
        {
            if (_told.Add(version) && attempt is not null && !_before.Contains(version))
                HoldAgainstLines(attempt, model);
            return;
        }
        _told.Remove(version);
        _before.Remove(version);
    }

    /// <summary>What a device wrote is told in the order in which it was written, however it came here.</summary>
    private void HoldAgainstLines(Attempt attempt, TeamModel model)
    {
        if (attempt.Acknowledged < _lines.UpTo(attempt) && !model.Access.ClocksAreSet && !model.Access.MayBeCutOff(attempt.Author.Id) && context.Lines.IsOne(attempt.Device))
            context.Violation($"{device.Name} was told of {attempt} after what {attempt.Device.Name} began to write when that had been acknowledged");
        _lines.Note(attempt);
    }
}
