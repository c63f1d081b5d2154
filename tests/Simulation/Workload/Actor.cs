using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>
/// Somebody at a device, who does one thing after another. A device may have two of them, and then its vault is called concurrently.
/// </summary>
internal sealed class Actor
{
    /// <summary>Who watches asks the store again and again.</summary>
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(60);

    private readonly SimWorld _world;
    private readonly Device _device;
    private readonly string _name;
    private readonly SimRandom _random;
    private readonly TimeSpan _pause;
    private readonly AbsenceSteps _absence;
    private readonly List<(int Weight, Func<Task> Step)> _steps;

    public Actor(SimWorld world, Device device, int index, TimeSpan pause)
    {
        _world = world;
        _device = device;
        _pause = pause;
        _name = $"{device.Name}.{index}";
        _random = world.Context.Stream(_name);
        var writing = new WritingSteps(world, device, _random);
        var reading = new ReadingSteps(world, device, _random);
        _absence = new AbsenceSteps(world, device, reading, _random);
        _steps =
        [
            (26, writing.WriteAsync),
            (7, writing.WriteManyAsync),
            (6, writing.WriteLaterAsync),
            (3, writing.WaitAsync),
            (8, writing.DeleteAsync),
            (5, writing.SetAttributesAsync),
            (4, writing.SetMyAttributeAsync),
            (12, reading.ReadAsync),
            (4, reading.ReadRangeAsync),
            (3, reading.ReadVersionAsync),
            (7, reading.StatAsync),
            (7, reading.ListAsync),
            (6, reading.ListVersionsAsync),
            (3, reading.ReadMemberAsync),
            (2, () => device.Feed.FollowAsync(_pause < LongestWatch ? _pause : LongestWatch, world.Model)),
            (12, reading.SyncAsync),
            (4, () => device.Running > 0 ? Task.CompletedTask : device.ReopenAsync(_random)),
            (1, () => device.CallAsync("rebuild", vault => vault.RebuildIndexAsync())),
            (4, () => device.HousekeepAsync(random: _random)),
            (1, _absence.StepAwayAsync),
        ];
        // Who is no admin tries it now and then, and must be refused.
        var share = device.Person.IsOwner ? 3 : 1;
        var admin = new AdminSteps(world, device, _random);
        _steps.AddRange([(2 * share, admin.SetAccessAsync), (world.IsPublic ? 0 : share, admin.RotateAsync), (1, admin.ConfigureAsync), (1, admin.ReadLedgerAsync), (1, admin.InviteAsync), (share - 1, admin.LetOutAsync)]);
        if (world.ClocksAreSet)
            _steps.Add((3, SetClockAsync));
    }

    private Task SetClockAsync()
    {
        _device.SetClock(_random);
        return Task.CompletedTask;
    }

    /// <summary>Takes steps until the world has had as many as it was given.</summary>
    public async Task RunAsync()
    {
        for (var step = new StepName(_name, 1); _world.Steps.Next(step) is var turn and not StepTurn.Over; step = step with { Number = step.Number + 1 })
        {
            // A stream of its own for each step: what is left out changes no other one.
            _random.Begin(_world.Context.Seed, $"step/{step}");
            var pause = _random.About(_pause);
            if (turn == StepTurn.Take)
                await TakeAsync(step);
            await _world.Context.Pause(pause);
        }
    }

    private Task TakeAsync(StepName step)
    {
        _world.Context.Step.Value = new StepDraws(_world.Context, step);
        _world.Context.History.Add(_device.Name, $"step {step}");
        return _device.IsOpen ? _random.Weighted(_steps)() : _absence.OpenAsync();
    }
}
