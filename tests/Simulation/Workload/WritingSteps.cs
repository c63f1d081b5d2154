using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>The steps that write.</summary>
internal sealed class WritingSteps(SimWorld world, Device device, SimRandom random)
{
    private static readonly DateTimeOffset Modified = new(2025, 12, 24, 18, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan[] Lives = [TimeSpan.FromMinutes(10), TimeSpan.FromHours(3), TimeSpan.FromDays(2), TimeSpan.FromDays(30)];

    private readonly TeamModel _model = world.Model;

    /// <summary>Writes a file; what was acknowledged, or null when nothing was.</summary>
    public async Task<Attempt?> WriteAsync()
    {
        var attempt = NewWrite(PathChoice.ForWrite(random, device.Person, world.People));
        var (source, content) = Source(attempt);
        var result = await device.CallAsync($"write {source} {Shown(attempt)}",
            vault => vault.WriteAsync(attempt.Path, content, Options(attempt)), TeamModel.Show);
        if (result.Value is not { } version)
            return null;
        _model.Acknowledge(attempt, version);
        return attempt;
    }

    public async Task WriteManyAsync()
    {
        var batch = _model.NewBatch();
        var names = Enumerable.Range(0, random.Between(2, 5)).Select(_ => PathChoice.ForWrite(random, device.Person, world.People)).Distinct(StringComparer.Ordinal).ToList();
        var attempts = names.Select(name => NewWrite(name, batch)).ToList();
        var writes = attempts.Select(attempt => new FileWrite(attempt.Path, FileContent.FromBytes(attempt.Content), Options(attempt))).ToList();
        var result = await device.CallAsync($"write-many {string.Join(", ", attempts.Select(Shown))}",
            vault => vault.WriteManyAsync(writes), TeamModel.Show);
        if (result.Value is not { } versions)
            return;
        if (versions.Count != attempts.Count)
            world.Context.Violation($"{device.Name} answered {attempts.Count} writes with {versions.Count} versions");
        foreach (var (attempt, version) in attempts.Zip(versions))
            _model.Acknowledge(attempt, version);
    }

    public async Task WriteLaterAsync()
    {
        var attempt = NewWrite(PathChoice.ForWrite(random, device.Person, world.People));
        var (source, content) = Source(attempt);
        var options = Options(attempt) with { Mode = random.Chance(0.3) ? WriteMode.Scheduled : WriteMode.Async };
        if (options.Mode == WriteMode.Scheduled && random.Chance(0.7))
            options = options with { NotBefore = attempt.NotBefore = device.Time.GetUtcNow() + (world.Pace * random.Between(0, 20)) };
        var result = await device.CallAsync($"write-{(options.Mode == WriteMode.Async ? "later" : "scheduled")} {source} {Shown(attempt)} not before {options.NotBefore:O}",
            vault => vault.WriteAsync(attempt.Path, content, options), version => version.Path);
        if (!result.Succeeded)
            return;
        attempt.Accepted = result.Ended;
        if (options.Mode == WriteMode.Async)
            device.Queued.Add(attempt);
    }

    /// <summary>Waits for what was queued; only then is it acknowledged.</summary>
    public async Task WaitAsync()
    {
        var queued = device.Queued.ToList();
        device.Queued.Clear();
        var result = await device.CallAsync("wait-files", vault => vault.WaitFilesAsync());
        if (!result.Succeeded)
            return;
        foreach (var attempt in queued)
            _model.Acknowledge(attempt, null);
    }

    public async Task DeleteAsync()
    {
        var attempt = _model.Begin(AttemptKind.Delete, device, PathChoice.ForChange(random, _model, device.Person));
        var result = await device.CallAsync($"delete {Shown(attempt)}", vault => vault.DeleteAsync(attempt.Path, attempt.Seal));
        if (result.Succeeded)
            _model.Acknowledge(attempt, null);
    }

    public async Task SetAttributesAsync()
    {
        var attempt = _model.Begin(AttemptKind.Attributes, device, PathChoice.ForChange(random, _model, device.Person));
        var result = await device.CallAsync($"set-attributes {Shown(attempt)}",
            vault => vault.SetAttributesAsync(attempt.Path, attempt.Token, attempt.Seal), TeamModel.Show);
        if (result.Value is { } version)
            _model.Acknowledge(attempt, version);
    }

    public async Task SetMyAttributeAsync()
    {
        var attempt = _model.Begin(AttemptKind.MemberAttribute, device, random.Pick(["mail", "name"]));
        var result = await device.CallAsync($"set-my-attribute {Shown(attempt)}", vault => vault.SetMyAttributeAsync(attempt.Name, attempt.Token));
        if (result.Succeeded)
            _model.Acknowledge(attempt, null);
    }

    private Attempt NewWrite(string name, int? batch = null) => _model.Begin(AttemptKind.Write, device, name, Content.Size(random), batch);

    private (string Name, FileContent Content) Source(Attempt attempt)
    {
        var bytes = attempt.Content!;
        switch (random.Below(3))
        {
            case 0:
                return ("stream", FileContent.FromStream(new MemoryStream(bytes)));
            case 1:
                return ("pipe", FileContent.FromStream(new PipeStream(bytes)));
            default:
                return ("bytes", FileContent.FromBytes(bytes));
        }
    }

    private WriteOptions Options(Attempt attempt) => new() { Recipient = attempt.Seal?.Recipient, Attributes = attempt.Token, Modified = Modified.AddSeconds(attempt.Number), Life = Life() };

    private TimeSpan? Life() => world.IsMortal && random.Chance(0.3) ? random.Pick(Lives) : null;

    private static string Shown(Attempt attempt) =>
        attempt.Content is { } content ? $"'{attempt.Name}' {content.Length} B, attempt {attempt.Number}" : $"'{attempt.Name}', attempt {attempt.Number}";
}
