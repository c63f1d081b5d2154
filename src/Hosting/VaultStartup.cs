using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Coffer.Hosting;

/// <summary>Opens the vaults of the configuration before other services of the host start, after all of their settings were checked.</summary>
internal sealed class VaultStartup(IServiceProvider services) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var stores = HostedVault.StoreNames(services);
        var settings = services.GetServices<VaultSetting>().ToList();
        var faults = new List<string>();
        foreach (var setting in settings)
        {
            try
            {
                setting.Read(stores);
            }
            catch (OptionsValidationException fault)
            {
                faults.AddRange(fault.Failures);
            }
        }
        if (faults.Count > 0)
            throw new OptionsValidationException("Coffer", typeof(VaultSetting), faults);
        var failures = await Task.WhenAll(settings.Select(setting => FailureAsync(setting.Name, cancellationToken)));
        if (failures.OfType<Exception>().ToList() is [_, ..] told)
            throw VaultFault.All(told);
    }

    private bool IsStopping => services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.IsCancellationRequested == true;

    /// <summary>Opens a vault, and gives what kept it from being opened, so that all that is wrong is told at once.</summary>
    private async Task<Exception?> FailureAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredKeyedService<HostedVault>(name).OpenAsync(cancellationToken);
            return null;
        }
        catch (HostedVaultException e)
        {
            return e;
        }
        catch (OperationCanceledException) when (IsStopping)
        {
            // Somebody ended the host before it was up, and it stops once its start returns. An exception would look as if something had gone wrong.
            return null;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
