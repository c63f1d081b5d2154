using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Coffer.Hosting;

/// <summary>
/// Opens what the configuration names before any other service of the host starts, so that a wrong setting is met there, and all wrong ones at once. Opening
/// does no I/O with a server: one that is down does not keep the host from starting.
/// </summary>
internal sealed class StartupCheck(IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var setting in services.GetServices<StoreSetting>())
        {
            try
            {
                services.GetRequiredKeyedService<IStore>(setting.Name);
            }
            catch (OptionsValidationException e)
            {
                faults.AddRange(e.Failures);
            }
        }
        return faults.Count == 0
            ? Task.CompletedTask
            : Task.FromException(new OptionsValidationException("Coffer", typeof(StoreSetting), faults));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
