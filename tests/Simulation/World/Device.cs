using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>One machine of a person: a real vault with a real index in a folder of its own, on a link of its own to the store.</summary>
internal sealed class Device
{
    private readonly SimWorld _world;
    private readonly SimContext _context;
    private readonly IStore _store;
    private readonly VaultEnvironment _environment;
    private readonly TimeSpan _cooldown;
    private readonly string _index;
    private Vault? _vault;
    private int _calls;
    private int _running;

    public Device(string name, Person person, MemoryStore store, SimWorld world)
    {
        Name = name;
        Person = person;
        Shown = new ShownVersions(this);
        _world = world;
        var context = _context = world.Context;
        var random = context.Stream($"device/{name}");
        var time = new DeviceTime(context.Time, TimeSpan.FromMilliseconds(random.Between(-20_000, 20_000)));
        IStore link = new SimStore(store, name, context.Stream($"link/{name}"), context);
        if (random.Chance(0.5))
        {
            var jitter = context.Stream($"retry/{name}");
            link = new RetryStore(link, time, new RetryOptions { MaxRetries = random.Between(1, 4) }, jitter.NextDouble);
        }
        _store = link;
        _environment = new VaultEnvironment
        {
            Time = time,
            Random = new SeededBytes(context.Stream($"bytes/{name}")),
            Machine = name,
            Workers = new InPlaceWorkers(random.Between(1, 2)),
            Signatures = context.Signatures,
        };
        _cooldown = TimeSpan.FromSeconds(random.Pick([0, 1, 10, 10]));
        Folder = Path.Combine(context.Root, name);
        _index = Path.Combine(Folder, "team.db");
        Directory.CreateDirectory(Folder);
    }

    public string Name { get; }

    public Person Person { get; }

    /// <summary>Where its index is, and files that are put or got.</summary>
    public string Folder { get; }

    /// <summary>How many calls of its vault are running.</summary>
    public int Running => _running;

    public bool IsOpen => _vault is not null;

    /// <summary>What was written asynchronously, and not waited for yet.</summary>
    public List<Attempt> Queued { get; } = [];

    /// <summary>The versions that it has shown.</summary>
    public ShownVersions Shown { get; }

    public async Task CreateAsync(TimeSpan segment)
    {
        var options = new VaultCreateOptions { IndexPath = _index, SegmentInterval = segment, Environment = _environment, SyncCooldown = _cooldown };
        _vault = await RunAsync($"create segment {segment}", _ => Vault.CreateAsync(_store, Person.Identity, options), vault => vault.Id) is { Value: { } made }
            ? made
            : throw new SimulationBrokenException("The vault could not be made, on a store without faults.");
    }

    /// <summary>Opens the vault; false when that failed by an error that is allowed.</summary>
    public async Task<bool> OpenAsync(PublicId creator)
    {
        var options = new VaultOpenOptions { IndexPath = _index, Creator = creator, Environment = _environment, SyncCooldown = _cooldown };
        var opened = await RunAsync("open", _ => Vault.OpenAsync(_store, Person.Identity, options), vault => $"access {vault.Access}");
        _vault = opened.Value;
        return opened.Succeeded;
    }

    /// <summary>Closes the vault and opens it again, which others on this device wait for.</summary>
    public async Task ReopenAsync(PublicId creator)
    {
        await CloseAsync();
        while (!await OpenAsync(creator) && !_world.IsOver)
            await _context.Pause(TimeSpan.FromSeconds(10));
    }

    public async Task CloseAsync()
    {
        if (_vault is not { } vault)
            return;
        _vault = null;
        // What an asynchronous write failed with is told by the vault that took it, and by no later one.
        Queued.Clear();
        await RunAsync("close", async _ =>
        {
            await vault.DisposeAsync();
            return true;
        }, _ => "closed");
    }

    /// <summary>Does a round of housekeeping.</summary>
    /// <param name="random">Whether all bodies are listed is drawn from it; null lists them.</param>
    public async Task HousekeepAsync(SimRandom? random)
    {
        var options = new HousekeepOptions { Bodies = random?.Chance(0.3) ?? true };
        var result = await CallAsync($"housekeep bodies {options.Bodies}", vault => vault.HousekeepAsync(options), report => report.ToString());
        if (result.Value is not { } report)
            return;
        _context.Counters.Add("packs made", report.PacksMade);
        _context.Counters.Add("packs merged", report.PacksMerged);
        _context.Counters.Add("packs deleted", report.PacksDeleted);
        _context.Counters.Add("commits unloosed", report.CommitsDeleted);
        _context.Counters.Add("bodies deleted", report.BodiesDeleted);
    }

    /// <summary>Calls the vault, once it is open, and tells the history. At the end of the world a closed one stays closed.</summary>
    /// <param name="what">The call, as a person would write it.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="show">Shows its result, whole: what is not shown is not compared.</param>
    public async Task<CallResult<T>> CallAsync<T>(string what, Func<Vault, Task<T>> call, Func<T, string> show)
    {
        while (_vault is null)
        {
            if (_world.IsOver)
                return new CallResult<T>(_context.Moment(), _context.Moment(), default, new InvalidOperationException("The device is closed."));
            await _context.Pause(TimeSpan.FromSeconds(1));
        }
        return await RunAsync(what, vault => call(vault!), show);
    }

    /// <summary>As the other, for a call without a result.</summary>
    public Task<CallResult<bool>> CallAsync(string what, Func<Vault, Task> call) => CallAsync(what, async vault =>
    {
        await call(vault);
        return true;
    }, _ => "done");

    private async Task<CallResult<T>> RunAsync<T>(string what, Func<Vault?, Task<T>> call, Func<T, string> show)
    {
        var number = ++_calls;
        var pending = _context.InFlight.Begin($"{Name} c{number} {what}");
        _context.History.Add(Name, $"c{number} {what}");
        _context.Counters.Add($"call {what.Split(' ')[0]}");
        var began = _context.Moment();
        _running++;
        try
        {
            var value = await call(_vault);
            _context.History.Add(Name, $"c{number} => {show(value)}");
            return new CallResult<T>(began, _context.Moment(), value, null);
        }
        catch (Exception e) when (e is not SimulationBrokenException)
        {
            _context.History.Add(Name, $"c{number} => {e.GetType().Name}: {e.Message}");
            _context.Counters.Add($"error {e.GetType().Name} {(e as StoreException)?.Kind}".TrimEnd());
            if (AllowedErrors.Fault(e, Person) is { } fault)
                _context.Violation($"{Name} c{number} {what}: {fault}: {AllowedErrors.Trace(e)}");
            return new CallResult<T>(began, _context.Moment(), default, e);
        }
        finally
        {
            _running--;
            _context.InFlight.End(pending);
        }
    }
}
