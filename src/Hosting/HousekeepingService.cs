using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coffer.Hosting;

/// <summary>
/// Housekeeping of each vault of the configuration, again and again while the host runs. What fails is logged and tried again later, less and less often; it never ends the host. A vault that is open without an identity, or by who may not write,
/// is only brought up to date.
/// </summary>
internal sealed class HousekeepingService(IServiceProvider services) : BackgroundService
{
    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private readonly ILogger _logger = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("Coffer.Housekeeping");

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stores = HostedVault.StoreNames(services);
        return Task.WhenAll(services.GetServices<VaultSetting>()
            .Select(setting => (setting.Name, setting.Read(stores).Housekeeping))
            .Where(static vault => vault.Housekeeping.Enabled)
            .Select(vault => RunAsync(vault.Name, new HousekeepingPace(vault.Housekeeping.Interval, SystemRandom.Instance), stoppingToken)));
    }

    private async Task RunAsync(string name, HousekeepingPace pace, CancellationToken stoppingToken)
    {
        var vault = services.GetRequiredKeyedService<HostedVault>(name);
        var wait = pace.First();
        var failures = 0;
        while (await WaitAsync(wait, stoppingToken))
        {
            try
            {
                await RoundAsync(vault, stoppingToken);
                failures = 0;
                wait = pace.Next(failures);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // What fails while the host stops fails because of that.
                return;
            }
            catch (Exception fault)
            {
                wait = pace.Next(++failures);
                HousekeepingLog.Failed(_logger, name, fault.Message, failures, wait, fault);
            }
        }
    }

    /// <summary>Waits; false when the host stops.</summary>
    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken stoppingToken)
    {
        await Task.Delay(wait, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return !stoppingToken.IsCancellationRequested;
    }

    private async Task RoundAsync(HostedVault hosted, CancellationToken stoppingToken)
    {
        var vault = await hosted.OpenAsync(stoppingToken);
        var report = await vault.HousekeepAsync(cancellationToken: stoppingToken);
        if (report.IndexRebuilt)
            HousekeepingLog.IndexRebuilt(_logger, hosted.Name);
        if (report.DidAnything)
            HousekeepingLog.Did(_logger, hosted.Name, report.CommitsPacked, report.PacksMade, report.PacksMerged, report.CommitsDeleted, report.PacksDeleted, report.JunkDeleted, report.BodiesDeleted, report.BytesFreed);
        else
            HousekeepingLog.NothingToDo(_logger, hosted.Name, report.Sync.Blocks, report.Sync.Commits);
        if (report.NothingDeletedBecause is { } reason)
            HousekeepingLog.NothingDeleted(_logger, vault.Access < AccessLevel.Write ? LogLevel.Debug : LogLevel.Information, hosted.Name, reason);
    }
}
