using Coffer.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

// Where a host's program looks for it without another using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Coffer to the services of a host.</summary>
public static class CofferServiceCollectionExtensions
{
    /// <summary>
    /// Adds the stores that a section of the configuration names, each as a keyed singleton <see cref="Coffer.IStore"/> under its name. Say on the result which
    /// providers there are: <c>services.AddCoffer(configuration.GetSection("Coffer")).AddLocal()</c>. The vaults below <c>Vaults</c> are opened when the host
    /// starts, and are keyed services <see cref="Coffer.Vaults.Vault"/> from then on.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Below <c>Stores</c> stands for each name a URL, or a section with <c>Url</c> and settings: those of the provider, and <c>Prefix</c>, <c>Telemetry</c>,
    /// <c>Retry</c>, <c>Timeout</c> and <c>ConcurrencyLimit</c> for the layers; the last three are sections, or <c>false</c> to leave the layer out.
    /// </para>
    /// <para>
    /// Names are taken from the configuration as it is now; what stands below a name is read when the host starts, and checked then: a host does not start with
    /// a setting that is wrong. Without a host it is checked when a store is first asked for.
    /// </para>
    /// <para>
    /// Below <c>Vaults</c> stands for each name a section with <c>Store</c>, <c>Creator</c> or <c>Pin</c>, <c>Identity</c>, <c>Index</c>, and where wanted
    /// <c>Realm</c>, <c>SyncCooldown</c> and, from a source of secrets, <c>Passphrase</c>. Housekeeping of each runs by itself while the host runs; its section
    /// <c>Housekeeping</c> has <c>Enabled</c> (true unless set) and <c>Interval</c> (an hour unless set, from a minute to seven days).
    /// </para>
    /// </remarks>
    /// <param name="services">The services of the host.</param>
    /// <param name="section">The section, by custom <c>Coffer</c>.</param>
    public static CofferBuilder AddCoffer(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.TryAddSingleton(TimeProvider.System);
        var builder = new CofferBuilder(services, section);
        StoreServices.Add(builder);
        VaultServices.Add(builder);
        return builder;
    }
}
