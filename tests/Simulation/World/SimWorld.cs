using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>
/// The world of one seed: an owner and one to five others, each with one or two devices, and one store. It is set up in calm weather, lives through its steps in the weather of the seed,
/// comes to rest, and is checked.
/// </summary>
internal sealed class SimWorld
{
    public const int MostDevices = 9;

    private static readonly string[] Names = ["owner", "anna", "ben", "cora", "dora", "emil"];

    private readonly SimRandom _random;
    private readonly MemoryStore _contents;
    private readonly IStore _store;
    private readonly List<Person> _people = [];
    private readonly List<Device> _devices = [];
    private readonly List<Task> _actors = [];

    public SimWorld(SimContext context)
    {
        Context = context;
        _random = context.Stream("world");
        _contents = new MemoryStore("world", context.Time);
        Kind = StoreKind.Draw(_random);
        _store = new LimitedStore(_contents, Kind);
        IsMortal = _random.Chance(0.35);
        Realm = _random.Chance(0.1) ? Vault.PublicRealm : "users";
        ClocksAreSet = _random.Chance(0.2);
        Model = new TeamModel(context) { IsMortal = IsMortal, Access = new AccessHistory(context) { ClocksAreSet = ClocksAreSet, IsPublic = IsPublic } };
        foreach (var name in Names.Take(_random.Weighted([(40, 2), (25, 3), (15, 4), (10, 5), (10, 6)])))
            _people.Add(new Person(name, PrivateId.Create(new SeededBytes(Context.Stream($"identity/{name}"))), isOwner: _people.Count == 0, IsPublic));
        foreach (var person in _people)
        {
            for (var i = _random.Between(1, _people.Count < 4 ? 2 : 1); i > 0; i--)
                AddDevice(person, null);
        }
        Pace = TimeSpan.FromSeconds(_random.Pick([0.2, 3, 3, 40, 600, 600, 15_000]));
        Steps = new Steps(context.Plan, _random.Between(60, 240));
    }

    public SimContext Context { get; }

    public TeamModel Model { get; }

    /// <summary>What the store can do.</summary>
    public StoreKind Kind { get; }

    /// <summary>The realm of the vault.</summary>
    public string Realm { get; }

    /// <summary>Whether everybody can read the vault, member or not.</summary>
    public bool IsPublic => Realm == Vault.PublicRealm;

    /// <summary>How long a segment is: what is older than that, and an hour at most, may be packed.</summary>
    public TimeSpan Segment { get; private set; }

    /// <summary>Whether files are written that live for a while only.</summary>
    public bool IsMortal { get; }

    /// <summary>Whether clocks are set, by minutes and hours.</summary>
    public bool ClocksAreSet { get; }

    /// <summary>How long those who act rest between two steps, on average.</summary>
    public TimeSpan Pace { get; }

    /// <summary>When everybody had tidied up; null when nobody does.</summary>
    public DateTimeOffset? TidiedAt { get; set; }

    /// <summary>What those who act may do yet.</summary>
    public Steps Steps { get; }

    /// <summary>Whether nobody takes a step any more.</summary>
    public bool IsOver => Steps.IsOver;

    /// <summary>What dead processes leave in memory, on its way out.</summary>
    public List<Task> Burials { get; } = [];

    public Person Owner => _people[0];

    public IReadOnlyList<Person> People => _people;

    /// <summary>All but the owner.</summary>
    public IReadOnlyList<Person> Others => _people[1..];

    public IReadOnlyList<Device> Devices => _devices;

    /// <summary>Those who can read when all is at rest, and so must show the same.</summary>
    public IEnumerable<Device> Readers => _devices.Where(device => device.Person.MayReadInTheEnd);

    /// <summary>All of it.</summary>
    public async Task RunAsync()
    {
        Context.History.Add("world", $"seed {Context.Seed}: {Kind.Name}, {Context.Weather}{(IsPublic ? ", public" : "")}{(IsMortal ? ", mortal files" : "")}{(ClocksAreSet ? ", clocks are set" : "")}, {Steps.Count} steps, pauses of {Pace.TotalSeconds} s, devices {string.Join(", ", _devices.Select(device => device.Name))}");
        await SetUpAsync();
        await LiveAsync();
        await new Rest(this, Context.Stream("rest")).RunAsync();
        await new FinalCheck(this, _contents).RunAsync();
        foreach (var device in _devices)
            await device.CloseAsync();
        await Task.WhenAll(Burials);
    }

    /// <summary>A device that comes new into the world, and that nobody acts on.</summary>
    public Device NewDevice(string name, Person person, Invitation? invitation = null) => new(name, person, _store, this, invitation);

    /// <summary>Everybody tidies up whose vault is open, one after the other.</summary>
    /// <param name="but">Who does not; null for nobody.</param>
    public async Task TidyUpAsync(Device? but = null)
    {
        foreach (var device in _devices.Where(device => device != but && device.IsOpen).ToList())
            await device.HousekeepAsync(null);
    }

    /// <summary>Somebody gets one more device, which joins by an invitation.</summary>
    public void Join(Person person, Invitation invitation)
    {
        Context.Counters.Add("devices that joined by an invitation");
        Act(AddDevice(person, invitation));
    }

    private Device AddDevice(Person person, Invitation? invitation)
    {
        var device = NewDevice($"{person.Name}-{_devices.Count(other => other.Person == person) + 1}", person, invitation);
        _devices.Add(device);
        return device;
    }

    private async Task SetUpAsync()
    {
        Context.Weather.IsQuiet = true;
        var first = _devices[0];
        await first.CreateAsync(Segment = TimeSpan.FromSeconds(_random.Pick([60, 60, 3600, 86_400])));
        foreach (var person in Others)
        {
            // Who is no member yet is let in later.
            var level = _random.Weighted([(55, AccessLevel.Write), (15, AccessLevel.Read), (20, AccessLevel.Admin), (10, AccessLevel.None)]);
            if (level == AccessLevel.None)
                continue;
            var granted = Model.Access.Begin(person, level);
            await first.CallAsync($"set-access {person.Name} {level}", vault => vault.SetAccessAsync(person.Id, level));
            granted.Done = Context.Moment();
        }
        if (_random.Chance(0.7))
            await first.CallAsync("configure margin 10 min", vault => vault.ConfigureAsync(vault.Settings with { PackingMargin = TimeSpan.FromMinutes(10) }));
        foreach (var device in _devices)
        {
            if (await device.OpenAsync() && _random.Chance(0.5))
                await device.Feed.BeginAsync(Model);
        }
        Context.Weather.IsQuiet = false;
    }

    private async Task LiveAsync()
    {
        foreach (var device in _devices.ToList())
            Act(device);
        if (Context.Weather.HasOutages)
            _actors.Add(BeAwayAsync());
        for (var i = 0; i < _actors.Count; i++)
            await _actors[i];
    }

    /// <summary>Now and then the store is away, for up to some hours.</summary>
    private async Task BeAwayAsync()
    {
        var random = Context.Stream("outages");
        while (!IsOver)
        {
            // A store that never answers a few requests in a row is of no use to anybody.
            await Context.Pause(random.About((Pace * 20) + Context.Weather.Latency * 20));
            Context.History.Add("world", "the store is away");
            Context.Weather.IsAway = true;
            await Context.Pause(random.About(random.Chance(0.5) ? Pace * 5 : TimeSpan.FromHours(1)));
            Context.Weather.IsAway = false;
            Context.History.Add("world", "the store is back");
        }
    }

    /// <summary>One or two people act on a device until the world is over.</summary>
    private void Act(Device device)
    {
        var actors = Context.Stream($"actors/{device.Name}").Between(1, 2);
        for (var i = 1; i <= actors; i++)
            _actors.Add(new Actor(this, device, i, Pace).RunAsync());
    }
}
