using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coffer.Hosting;

/// <summary>
/// Whether the stores of the configuration answer, by one small request each, and the vaults are open and in order. A finding that nobody accepted makes it
/// <see cref="HealthStatus.Degraded"/>: the vault works, and a person should look.
/// </summary>
internal sealed class CofferHealthCheck(IServiceProvider services) : IHealthCheck
{
    // Nothing is ever put there, so the answer is as small as can be.
    private static readonly StoreKey Asked = StoreKey.Parse("coffer-health");

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new SortedDictionary<string, object>(StringComparer.Ordinal);
        var stores = await Task.WhenAll(services.GetServices<StoreSetting>().Select(setting => FaultOfStoreAsync(setting.Name, cancellationToken)));
        var (faults, concerns) = (new List<string>(stores.OfType<string>()), new List<string>());
        foreach (var setting in services.GetServices<VaultSetting>())
            await LookAtVaultAsync(setting.Name, data, faults, concerns, cancellationToken);
        var status = faults.Count > 0 ? context.Registration.FailureStatus : concerns.Count > 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
        return new HealthCheckResult(status, string.Join(" ", faults.Concat(concerns)), exception: null, data);
    }

    private async Task<string?> FaultOfStoreAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredKeyedService<IStore>(name).StatAsync(Asked, cancellationToken);
            return null;
        }
        catch (StoreException e)
        {
            return $"The store '{name}' does not answer: {e.Message}";
        }
    }

    private async Task LookAtVaultAsync(string name, SortedDictionary<string, object> data, List<string> faults, List<string> concerns, CancellationToken cancellationToken)
    {
        if (services.GetRequiredKeyedService<HostedVault>(name).Current is not { } vault)
        {
            faults.Add($"The vault '{name}' is not open.");
            return;
        }
        try
        {
            var status = await vault.GetStatusAsync(cancellationToken);
            data[$"vault:{name}:lastSync"] = status.LastSync?.ToString("O") ?? "never";
            data[$"vault:{name}:findings"] = status.Findings;
            if (status.Findings > 0)
                concerns.Add($"The vault '{name}' has {status.Findings} finding{(status.Findings == 1 ? "" : "s")} that nobody accepted; 'coffer status' shows them.");
        }
        catch (Exception e) when (e is StoreException or VaultException)
        {
            faults.Add($"The vault '{name}' cannot be brought up to date: {e.Message}");
        }
    }
}
