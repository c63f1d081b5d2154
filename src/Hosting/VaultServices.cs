using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Coffer.Hosting;

/// <summary>The vaults of a configuration as services.</summary>
internal static class VaultServices
{
    public static void Add(CofferBuilder builder)
    {
        var services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, VaultStartup>(static provider => new VaultStartup(provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HousekeepingService>(static provider => new HousekeepingService(provider)));
        foreach (var section in builder.Section.GetSection("Vaults").GetChildren())
        {
            var setting = new VaultSetting(section);
            services.AddSingleton(setting);
            services.AddKeyedSingleton(setting.Name, (provider, _) => new HostedVault(provider, setting));
            // One for all: the scope of a request would dispose a vault of its own. Who asks too early gets an exception, and that is not remembered.
            services.AddKeyedSingleton<Vault>(setting.Name, (provider, _) => provider.GetRequiredKeyedService<HostedVault>(setting.Name).Current ?? throw new InvalidOperationException(
                $"The vault '{setting.Name}' is not open. A host opens it when it starts; before that, or without a host, resolve HostedVault under the same key and await OpenAsync()."));
        }
    }
}
