using Coffer.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Coffer.Hosting;

/// <summary>The stores of a configuration as services.</summary>
internal static class StoreServices
{
    public static void Add(CofferBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(static provider => new StoreRegistry(provider.GetServices<IStoreProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartupCheck>(static provider => new StartupCheck(provider)));
        foreach (var section in builder.Section.GetSection("Stores").GetChildren())
        {
            var setting = new StoreSetting(section);
            services.AddSingleton(setting);
            services.AddKeyedSingleton<IStore>(setting.Name, (provider, _) =>
                setting.Open(provider.GetRequiredService<StoreRegistry>(), provider.GetRequiredService<TimeProvider>()));
        }
    }
}
