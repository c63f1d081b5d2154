using Coffer.Stores;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>People with devices around one store, in a temporary folder that goes with it.</summary>
internal sealed class Team : IAsyncDisposable
{
    private readonly List<Vault> _open = [];
    private readonly List<PrivateId> _people = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-team-").FullName;
    private readonly TimeProvider? _time;
    private readonly bool _ownsStore;
    private int _devices;

    public Team(IStore? store = null, TimeProvider? time = null)
    {
        _time = time;
        // A server cannot be given another time.
        Store = store ?? (time is null ? ScenarioStore.Create() : new MemoryStore("team", time));
        _ownsStore = store is null;
        Alice = NewPerson();
        Bob = NewPerson();
        Carol = NewPerson();
    }

    public IStore Store { get; }

    public string Folder => _folder;

    /// <summary>Zero: every call looks at the store.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.Zero;

    public string Realm { get; init; } = "users";

    /// <summary>Who creates vaults here.</summary>
    public PrivateId Alice { get; }

    public PrivateId Bob { get; }

    public PrivateId Carol { get; }

    /// <summary>How much of a store's listings is believed.</summary>
    public StoreBounds Bounds { get; init; } = new();

    public VaultEnvironment Environment => new() { Time = _time ?? new VaultEnvironment().Time, Bounds = Bounds };

    public PrivateId NewPerson()
    {
        var person = PrivateId.Create();
        _people.Add(person);
        return person;
    }

    public string NewIndex() => Path.Combine(_folder, $"device-{Interlocked.Increment(ref _devices)}", "team.db");

    public async Task<Vault> CreateAsync(VaultSettings? settings = null, string? index = null, IStore? store = null, TimeSpan? segmentInterval = null, QueueOptions? queue = null)
    {
        var vault = await Vault.CreateAsync(store ?? Store, Alice, new VaultCreateOptions
        {
            IndexPath = index ?? NewIndex(),
            Realm = Realm,
            SyncCooldown = Cooldown,
            Environment = Environment,
            Settings = settings ?? new VaultSettings(),
            SegmentInterval = segmentInterval ?? TimeSpan.FromDays(1),
            Queue = queue ?? new QueueOptions(),
        });
        return Keep(vault);
    }

    public async Task<Vault> OpenAsync(
        PrivateId member, string? index = null, IStore? store = null, PublicId? creator = null, Invitation? pin = null, TimeSpan? cooldown = null, QueueOptions? queue = null,
        TimeProvider? time = null)
    {
        var options = Options(index, creator, pin, cooldown) with { Realm = Realm, Queue = queue ?? new QueueOptions() };
        var vault = await Vault.OpenAsync(store ?? Store, member, time is null ? options : options with { Environment = options.Environment with { Time = time } });
        return Keep(vault);
    }

    /// <summary>Opens the vault on another device, which is shown no commit: a cut-off that it makes takes all that it has not seen.</summary>
    public Task<Vault> OpenBlindAsync(PrivateId member) =>
        OpenAsync(member, store: new HookedStore(Store) { Hides = static key => key.StartsWith(StoredObjects.CommitKeys, StringComparison.Ordinal) });

    /// <summary>Opens the public vault without an identity.</summary>
    public async Task<Vault> OpenPublicAsync(string? index = null, IStore? store = null, PublicId? creator = null, Invitation? pin = null, TimeSpan? cooldown = null) =>
        Keep(await Vault.OpenPublicAsync(store ?? Store, Options(index, creator, pin, cooldown)));

    private VaultOpenOptions Options(string? index, PublicId? creator, Invitation? pin, TimeSpan? cooldown) => new()
    {
        IndexPath = index ?? NewIndex(),
        Creator = pin is null ? creator ?? Alice.Public : null,
        Pin = pin,
        SyncCooldown = cooldown ?? Cooldown,
        Environment = Environment,
    };

    /// <summary>Has an admin grant access to somebody, who then opens the vault with an index of its own.</summary>
    public async Task<Vault> JoinAsync(Vault admin, PrivateId member, AccessLevel access, IStore? store = null, TimeSpan? cooldown = null)
    {
        await admin.SetAccessAsync(member.Public, access);
        return await OpenAsync(member, store: store, cooldown: cooldown);
    }

    public async Task CloseAsync(Vault vault)
    {
        lock (_open)
            _open.Remove(vault);
        await vault.DisposeAsync();
    }

    private Vault Keep(Vault vault)
    {
        lock (_open)
            _open.Add(vault);
        return vault;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var vault in _open)
            await vault.DisposeAsync();
        if (_ownsStore)
            await Store.DisposeAsync();
        _people.ForEach(static person => person.Dispose());
        Directory.Delete(_folder, recursive: true);
    }
}
