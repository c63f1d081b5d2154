using Coffer.Stores;
using Coffer.Vaults;

namespace Coffer.Vault.Tests.Scenarios;

/// <summary>People with devices around one store, in a temporary folder that goes with it.</summary>
internal sealed class Team : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-team-").FullName;
    private int _devices;

    public Team(IStore? store = null) => Store = store ?? new MemoryStoreProvider().Open(StoreUrl.Parse("mem://team"), new StoreContext());

    public IStore Store { get; set; }

    public string Folder => _folder;

    public TimeSpan Cooldown { get; init; } = TimeSpan.Zero;

    public VaultEnvironment Environment { get; init; } = new();

    public string NewIndex() => Path.Combine(_folder, $"device-{++_devices}", "team.db");

    public async Task<Vaults.Vault> CreateAsync(PrivateId owner, string? index = null, VaultSettings? settings = null)
    {
        var vault = await Vaults.Vault.CreateAsync(Store, owner, new VaultCreateOptions
        {
            IndexPath = index ?? NewIndex(), SyncCooldown = Cooldown, Environment = Environment, Settings = settings ?? new VaultSettings(),
        });
        _open.Add(vault);
        return vault;
    }

    public async Task<Vaults.Vault> OpenAsync(PrivateId member, PublicId creator, string? index = null, IStore? store = null)
    {
        var vault = await Vaults.Vault.OpenAsync(store ?? Store, member, new VaultOpenOptions
        {
            IndexPath = index ?? NewIndex(), Creator = creator, SyncCooldown = Cooldown, Environment = Environment,
        });
        _open.Add(vault);
        return vault;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var vault in _open)
            await vault.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
