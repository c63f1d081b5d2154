using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>One machine of a person: a real vault with real local files in a folder of its own, on a link of its own to the store. Its process may die, and its files may be lost or replaced by older ones.</summary>
internal sealed class Device
{
    private readonly SimWorld _world;
    private readonly SimContext _context;
    private readonly IStore _store;
    private readonly Invitation? _invitation;
    private SimProcess? _process;
    private string? _backup;
    private bool _isChanging;
    private int _processes;
    private int _folders;
    private int _calls;
    private int _running;

    /// <param name="name">Its name; all that is random about it hangs on that.</param>
    /// <param name="person">Whose it is.</param>
    /// <param name="store">The store, without a link.</param>
    /// <param name="world">Where it lives.</param>
    /// <param name="invitation">What it joins by; null to know the creator alone.</param>
    public Device(string name, Person person, IStore store, SimWorld world, Invitation? invitation = null)
    {
        Name = name;
        Person = person;
        Shown = new ShownVersions(this);
        Feed = new ChangeFeed(this, world.Context);
        _world = world;
        _store = store;
        _invitation = invitation;
        var context = _context = world.Context;
        var random = context.Stream($"device/{name}");
        Time = new DeviceTime(context.Time, TimeSpan.FromMilliseconds(random.Between(-20_000, 20_000)), random.Between(-20, 20) * 1e-7);
        Retries = random.Chance(0.5) ? random.Between(1, 4) : 0;
        Workers = random.Between(1, 2);
        Cooldown = TimeSpan.FromSeconds(random.Pick([0, 1, 10, 10]));
        Folder = NewFolder();
    }

    public string Name { get; }

    public Person Person { get; }

    /// <summary>Its clock.</summary>
    public DeviceTime Time { get; }

    /// <summary>How often the layer above its link tries again; 0 when there is none.</summary>
    public int Retries { get; }

    public int Workers { get; }

    /// <summary>How long its vault shows what it has without asking the store.</summary>
    public TimeSpan Cooldown { get; }

    /// <summary>Where its local files are.</summary>
    public string Folder { get; private set; }

    /// <summary>Counts the states that it has had: a lost one, or an older copy of one, is another life.</summary>
    public int Life { get; private set; }

    /// <summary>When the last explicit sync of these local files began: what was acknowledged to anybody before that is here. Null when there was none.</summary>
    public long? SyncedFrom { get; set; }

    /// <summary>How many calls of its vault are running.</summary>
    public int Running => _running;

    public bool IsOpen => _process?.Vault is not null;

    /// <summary>Whether a process of it died with a body on the store that no commit named yet, and its vault was not opened since.</summary>
    public bool LeftABody { get; private set; }

    /// <summary>What was written asynchronously, and not waited for yet by the vault that took it.</summary>
    public List<Attempt> Queued { get; } = [];

    /// <summary>What a program on it follows.</summary>
    public ChangeFeed Feed { get; }

    /// <summary>The versions that it has shown.</summary>
    public ShownVersions Shown { get; private set; }

    /// <summary>Up to where its index has shown the work of each device.</summary>
    public ShownLines Lines { get; private set; } = new();

    private string Index => Path.Combine(Folder, "team.db");

    public async Task CreateAsync(TimeSpan segment)
    {
        var process = _process = NewProcess();
        var options = new VaultCreateOptions { IndexPath = Index, SegmentInterval = segment, Realm = _world.Realm, Environment = process.Environment, SyncCooldown = Cooldown };
        process.Vault = await RunAsync(process, $"create segment {segment}", () => Vault.CreateAsync(process.Link, Person.Identity, options), vault => vault.Id) is { Value: { } made }
            ? made
            : throw new SimulationBrokenException("The vault could not be made, on a store without faults.");
    }

    /// <summary>Opens the vault, unless it is open. False when that failed by an error that is allowed, or is being done already.</summary>
    public async Task<bool> OpenAsync()
    {
        if (IsOpen || _isChanging)
            return IsOpen;
        _isChanging = true;
        try
        {
            var process = _process = NewProcess();
            var options = new VaultOpenOptions { IndexPath = Index, Creator = _invitation is null ? _world.Owner.Id : null, Realm = _world.Realm, Pin = _invitation, Environment = process.Environment, SyncCooldown = Cooldown };
            var opened = await RunAsync(process, "open", () => OpenAsync(process, options), vault => $"access {vault.Access}");
            if (_process == process && (process.Vault = opened.Value) is null)
                _process = null;
            LeftABody &= !opened.Succeeded;
            return opened.Succeeded;
        }
        finally
        {
            _isChanging = false;
        }
    }

    /// <summary>Closes the vault, and opens it again; in between the local files may be saved, lost, or replaced by older ones.</summary>
    public async Task ReopenAsync(SimRandom random)
    {
        await CloseAsync();
        if (!IsOpen && !_isChanging)
            random.Weighted<Action>([(35, static () => { }), (30, BackUp), (15, Restore), (8, RestoreIndex), (8, LoseIndex), (4, LoseAll)])();
        await OpenAsync();
    }

    public async Task CloseAsync()
    {
        if (_process is not { Vault: { } vault } process || _isChanging)
            return;
        _isChanging = true;
        try
        {
            process.Vault = null;
            // What an asynchronous write failed with is told by the vault that took it, and by no later one.
            Queued.Clear();
            await RunAsync(process, "close", async () =>
            {
                await vault.DisposeAsync();
                return true;
            }, _ => "closed");
            if (_process == process)
                _process = null;
        }
        finally
        {
            _isChanging = false;
        }
    }

    /// <summary>Somebody sets the clock wrong, or right.</summary>
    public void SetClock(SimRandom random)
    {
        var wrong = random.Weighted([(2, TimeSpan.Zero), (2, TimeSpan.FromSeconds(90)), (3, TimeSpan.FromMinutes(20)), (2, TimeSpan.FromHours(5)), (1, TimeSpan.FromHours(30)), (1, TimeSpan.FromDays(12))]) * random.Pick([-1, 1, 1]);
        _context.History.Add(Name, $"its clock is set {wrong} wrong");
        _context.Counters.Add($"clock set {(wrong == TimeSpan.Zero ? "right" : wrong > TimeSpan.Zero ? "ahead" : "back")}");
        Time.Set(wrong);
        Person.HasSetClock = true;
    }

    /// <summary>Brings all that is new.</summary>
    public Task<CallResult<SyncReport>> SyncAsync() => CallAsync("sync", vault => vault.SyncAsync(), report => report.ToString());

    /// <summary>Looks at the versions of a file.</summary>
    public Task<CallResult<IReadOnlyList<FileVersion>>> VersionsAsync(string name)
    {
        var (path, seal) = _world.Model.FileOf(name);
        return CallAsync($"versions '{name}'", vault => vault.GetVersionsAsync(path, seal), TeamModel.Show);
    }

    /// <summary>Does a round of housekeeping.</summary>
    /// <param name="random">Whether all bodies are listed is drawn from it; null lists them.</param>
    public async Task<HousekeepingReport?> HousekeepAsync(SimRandom? random)
    {
        var options = new HousekeepOptions { Bodies = random?.Chance(0.3) ?? true };
        using var kept = _context.Coincidences.Housekeeping(this);
        var result = await CallAsync($"housekeep bodies {options.Bodies}", vault => vault.HousekeepAsync(options), report => report.ToString());
        if (result.Value is not { } report)
            return null;
        _context.Counters.Add("packs made", report.PacksMade);
        _context.Counters.Add("packs merged", report.PacksMerged);
        _context.Counters.Add("packs deleted", report.PacksDeleted);
        _context.Counters.Add("commits unloosed", report.CommitsDeleted);
        _context.Counters.Add("bodies deleted", report.BodiesDeleted);
        return report;
    }

    /// <summary>Calls the vault, when it is open, and tells the history.</summary>
    /// <param name="what">The call, as a person would write it.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="show">Shows its result, whole: what is not shown is not compared.</param>
    public async Task<CallResult<T>> CallAsync<T>(string what, Func<Vault, Task<T>> call, Func<T, string> show)
    {
        if (_process is not { Vault: { } vault } process)
            return new CallResult<T>(_context.Moment(), _context.Moment(), default, new InvalidOperationException("The device is closed."));
        return await RunAsync(process, what, () => call(vault), show);
    }

    /// <summary>As the other, for a call without a result.</summary>
    public Task<CallResult<bool>> CallAsync(string what, Func<Vault, Task> call) => CallAsync(what, async vault =>
    {
        await call(vault);
        return true;
    }, _ => "done");

    private async Task<CallResult<T>> RunAsync<T>(SimProcess process, string what, Func<Task<T>> call, Func<T, string> show)
    {
        var number = ++_calls;
        var pending = _context.InFlight.Begin($"{Name} c{number} {what}");
        _context.History.Add(Name, $"c{number} {what}");
        _context.Counters.Add($"call {what.Split(' ')[0]}");
        var began = _context.Moment();
        _running++;
        try
        {
            var value = await call();
            if (process.IsDead)
                throw new ProcessDiedException();
            _context.History.Add(Name, $"c{number} => {show(value)}");
            return new CallResult<T>(began, _context.Moment(), value, null);
        }
        catch (Exception e) when (process.IsDead && e is not SimulationBrokenException)
        {
            _context.History.Add(Name, $"c{number} => died with its process");
            return new CallResult<T>(began, _context.Moment(), default, new ProcessDiedException());
        }
        catch (Exception e) when (e is not SimulationBrokenException)
        {
            _context.History.Add(Name, $"c{number} => {e.GetType().Name}: {e.Message}");
            _context.Counters.Add(e is StoreException store ? $"error {nameof(StoreException)} {store.Kind}" : $"error {e.GetType().Name}");
            if (AllowedErrors.Fault(e, Person, _world.Owner.Id) is { } fault)
                _context.Violation($"{Name} c{number} {what}: {fault}: {AllowedErrors.Trace(e)}");
            return new CallResult<T>(began, _context.Moment(), default, e);
        }
        finally
        {
            _running--;
            _context.InFlight.End(pending);
        }
    }

    private SimProcess NewProcess() => new($"{Name}/{++_processes}", this, _store, _context, Die);

    /// <summary>A vault that came to be open after its process had died is closed, and nobody sees it.</summary>
    private async Task<Vault> OpenAsync(SimProcess process, VaultOpenOptions options)
    {
        var vault = Person.IsAnonymous ? await Vault.OpenPublicAsync(process.Link, options) : await Vault.OpenAsync(process.Link, Person.Identity, options);
        if (!process.IsDead)
            return vault;
        await BuryAsync(vault);
        throw new ProcessDiedException();
    }

    /// <summary>What is in memory is gone, and the local files are as SQLite left them at this moment.</summary>
    private void Die(SimProcess process, string where)
    {
        _context.History.Add(Name, $"its process dies {where}");
        _context.Counters.Add($"crash {where}");
        LeftABody |= _context.Coincidences.Died(this);
        var left = Folder;
        Folder = NewFolder();
        LocalFolder.Copy(left, Folder);
        if (_process == process)
            _process = null;
        if (process.Vault is { } vault)
            _world.Burials.Add(BuryAsync(vault));
    }

    private static async Task BuryAsync(Vault vault)
    {
        // Whoever killed it goes on first.
        await Task.Yield();
        try
        {
            await vault.DisposeAsync();
        }
        catch (Exception e) when (e is not SimulationBrokenException)
        {
            // It is dead, and nobody listens.
        }
    }

    private void BackUp()
    {
        Tell("a copy of its local files is made");
        _backup = NewFolder();
        LocalFolder.Copy(Folder, _backup);
    }

    private void Restore()
    {
        if (_backup is null)
            return;
        Tell("its local files are replaced by the older copy");
        BeginLife();
        LocalFolder.Copy(_backup, Folder);
    }

    private void RestoreIndex()
    {
        if (_backup is null)
            return;
        Tell("its index is replaced by the older copy");
        SyncedFrom = null;
        Lines = new ShownLines();
        LocalFolder.ReplaceIndex(Folder, _backup);
    }

    private void LoseIndex()
    {
        Tell("its index is lost");
        SyncedFrom = null;
        Lines = new ShownLines();
        LocalFolder.DeleteIndex(Folder);
    }

    private void LoseAll()
    {
        Tell("its local files are lost");
        BeginLife();
    }

    private void Tell(string what)
    {
        _context.History.Add(Name, what);
        _context.Counters.Add($"disk {what}");
    }

    /// <summary>What it had shown it need not show at once, and what it had accepted and not sent may be lost.</summary>
    private void BeginLife()
    {
        _world.Model.Forsake(this);
        Life++;
        SyncedFrom = null;
        Lines = new ShownLines();
        Shown = new ShownVersions(this);
        Folder = NewFolder();
    }

    private string NewFolder()
    {
        var folder = Path.Combine(_context.Root, $"{Name}-{++_folders}");
        Directory.CreateDirectory(folder);
        return folder;
    }
}
