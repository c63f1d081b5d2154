using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Hosting;

/// <summary>
/// A vault of the configuration, opened once: by the host when it starts, or by who asks first. Resolve it as a keyed service where there is no host, or where an open at the first use is wanted.
/// </summary>
public sealed class HostedVault : IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly VaultSetting _setting;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closed = new();
    private Task<Vault>? _opening;
    private PrivateId? _identity;

    internal HostedVault(IServiceProvider services, VaultSetting setting)
    {
        _services = services;
        _setting = setting;
    }

    /// <summary>The vault's name in the configuration.</summary>
    public string Name => _setting.Name;

    internal VaultSetting Setting => _setting;

    /// <summary>The vault, when it is open; else null.</summary>
    public Vault? Current => _opening is { IsCompletedSuccessfully: true } open ? open.Result : null;

    /// <summary>Opens the vault, or gives it when it is open. After a failure the next call tries again.</summary>
    /// <param name="cancellationToken">Ends the waiting, and not the opening.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing, unknown or wrong.</exception>
    /// <exception cref="HostedVaultException">The store, the identity or the vault cannot be used; the message names the setting.</exception>
    /// <exception cref="ObjectDisposedException">The services of the host were disposed.</exception>
    public async Task<Vault> OpenAsync(CancellationToken cancellationToken = default)
    {
        Task<Vault> opening;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true })
                _opening = BeginAsync();
            opening = _opening;
        }
        return await opening.WaitAsync(cancellationToken);
    }

    private async Task<Vault> BeginAsync()
    {
        var values = _setting.Read(StoreNames(_services));
        var store = _services.GetRequiredKeyedService<IStore>(values.Store);
        try
        {
            return await OpenAsync(store, values);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw VaultFault.Tell(e, _setting, _services.GetServices<StoreSetting>().Single(setting => setting.Name == values.Store).Path);
        }
    }

    private async Task<Vault> OpenAsync(IStore store, VaultSettingValues values)
    {
        var options = new VaultOpenOptions
        {
            IndexPath = values.Index!,
            Creator = values.Creator,
            Pin = values.Pin,
            Realm = values.Realm,
            SyncCooldown = values.SyncCooldown,
            Environment = new VaultEnvironment { Time = _services.GetRequiredService<TimeProvider>() },
        };
        if (values.Identity is not { } path)
            return await Vault.OpenPublicAsync(store, options, _closed.Token);
        _identity?.Dispose();
        _identity = await IdentityFile.ReadAsync(path, _ => ValueTask.FromResult(values.Passphrase), cancellationToken: _closed.Token);
        return await Vault.OpenAsync(store, _identity, options, _closed.Token);
    }

    internal static HashSet<string> StoreNames(IServiceProvider services) => services.GetServices<StoreSetting>().Select(setting => setting.Name).ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<Vault>? opening;
        lock (_lock)
        {
            opening = _opening;
            _closed.Cancel();
        }
        // One that is still being opened uses the store, which is disposed after this.
        if (opening is not null)
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (Current is { } vault)
            await vault.DisposeAsync();
        _identity?.Dispose();
    }
}
