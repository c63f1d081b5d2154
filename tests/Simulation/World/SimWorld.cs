using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>
/// The world of one seed: the owner and a writer, three devices, one store. It is set up in calm weather, lives through its steps in the weather of the seed,
/// comes to rest, and is checked.
/// </summary>
internal sealed class SimWorld
{
    private const int MaxRounds = 30;

    private readonly SimRandom _random;
    private readonly MemoryStore _store;
    private readonly List<Device> _devices = [];
    private int _stepsLeft;

    public SimWorld(SimContext context, int? steps)
    {
        Context = context;
        Model = new TeamModel(context);
        _random = context.Stream("world");
        _store = new MemoryStore("world", context.Time);
        Owner = NewPerson("owner", isOwner: true);
        Writer = NewPerson("writer", isOwner: false);
        var ownerDevices = _random.Between(1, 2);
        for (var i = 1; i <= 3; i++)
            _devices.Add(i <= ownerDevices ? NewDevice($"owner-{i}", Owner) : NewDevice($"writer-{i - ownerDevices}", Writer));
        _stepsLeft = steps ?? _random.Between(40, 120);
    }

    public SimContext Context { get; }

    public TeamModel Model { get; }

    public Person Owner { get; }

    public Person Writer { get; }

    public IReadOnlyList<Person> People => [Owner, Writer];

    public IReadOnlyList<Device> Devices => _devices;

    /// <summary>Whether the writer may write when all is at rest.</summary>
    public bool WriterMayWrite { get; private set; }

    /// <summary>No more steps are to be taken.</summary>
    public bool IsOver => _stepsLeft <= 0;

    /// <summary>Whether there is a step left to take; takes it.</summary>
    public bool TakeStep()
    {
        if (_stepsLeft <= 0)
            return false;
        _stepsLeft--;
        return true;
    }

    /// <summary>All of it.</summary>
    public async Task RunAsync()
    {
        Context.History.Add("world", $"seed {Context.Seed}: {Context.Weather}, {_stepsLeft} steps, devices {string.Join(", ", _devices.Select(device => device.Name))}");
        await SetUpAsync();
        await LiveAsync();
        await RestAsync();
        await TidyAsync();
        await new FinalCheck(this, _store).RunAsync();
        foreach (var device in _devices)
            await device.CloseAsync();
    }

    /// <summary>A device that comes new into the world.</summary>
    public Device NewDevice(string name, Person person) => new(name, person, _store, this);

    private Person NewPerson(string name, bool isOwner) =>
        new(name, PrivateId.Create(new SeededBytes(Context.Stream($"identity/{name}"))), isOwner);

    private async Task SetUpAsync()
    {
        Context.Weather.IsQuiet = true;
        await _devices[0].CreateAsync(TimeSpan.FromSeconds(_random.Pick([60, 3600, 86_400])));
        var granted = Model.BeginAccess(Writer, AccessLevel.Write);
        await _devices[0].CallAsync("set-access writer Write", vault => vault.SetAccessAsync(Writer.Id, AccessLevel.Write));
        granted.Done = Context.Moment();
        if (_random.Chance(0.7))
            await _devices[0].CallAsync("configure margin 10 min", vault => vault.ConfigureAsync(vault.Settings with { PackingMargin = TimeSpan.FromMinutes(10) }));
        foreach (var device in _devices.Skip(1))
            await device.OpenAsync(Owner.Id);
        Context.Weather.IsQuiet = false;
    }

    private async Task LiveAsync()
    {
        var pause = TimeSpan.FromSeconds(_random.Pick([0.2, 3, 3, 40, 600]));
        var actors = new List<Task>();
        foreach (var device in _devices)
        {
            for (var i = 1; i <= _random.Between(1, 2); i++)
                actors.Add(new Actor(this, device, i, pause).RunAsync());
        }
        await Task.WhenAll(actors);
    }

    /// <summary>No faults any more; what is on its way arrives; every device learns all that there is.</summary>
    private async Task RestAsync()
    {
        Context.Weather.IsQuiet = true;
        Context.History.Add("world", "the weather is quiet");
        while (Context.Weather.Late > 0)
            await Context.Pause(TimeSpan.FromSeconds(10));
        foreach (var device in _devices.Where(device => device.IsOpen))
            await device.CallAsync("wait-files", vault => vault.WaitFilesAsync());
        await OpenAllAsync(Owner);
        WriterMayWrite = await new AdminSteps(this, _devices[0], _random).LetReadAsync();
        await OpenAllAsync(Writer);
        // What a vault that was closed had left in its queue goes now.
        foreach (var device in _devices)
            await device.CallAsync("wait-files", vault => vault.WaitFilesAsync());
        for (var round = 1; round <= MaxRounds; round++)
        {
            var isNew = false;
            foreach (var device in _devices)
            {
                var result = await device.CallAsync("sync", vault => vault.SyncAsync(), report => report.ToString());
                if (!result.Succeeded)
                    Context.Violation($"{device.Name} could not sync on a quiet store: {AllowedErrors.Trace(result.Error!)}");
                isNew |= result.Value is not { Blocks: 0, Commits: 0 };
            }
            await Context.Pause(TimeSpan.FromSeconds(100));
            if (!isNew)
                return;
        }
        Context.Violation($"There is something new for somebody in each of {MaxRounds} rounds of syncs on a quiet store");
    }

    /// <summary>Nobody writes for a while, and everybody tidies up: what may be packed is packed, and what is not needed any more goes.</summary>
    private async Task TidyAsync()
    {
        if (_random.Chance(0.5))
            return;
        foreach (var days in (int[])[9, 1, 1])
        {
            await Context.Pause(TimeSpan.FromDays(days));
            foreach (var device in _devices)
                await device.HousekeepAsync(null);
        }
    }

    private async Task OpenAllAsync(Person person)
    {
        foreach (var device in _devices.Where(device => device.Person == person && !device.IsOpen))
        {
            if (!await device.OpenAsync(Owner.Id))
                Context.Violation($"{device.Name} could not open the vault on a quiet store");
        }
    }
}
