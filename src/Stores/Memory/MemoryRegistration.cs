using Coffer;
using Coffer.Stores;

// Where a host's program looks for it without another using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the provider of stores in memory.</summary>
public static class MemoryRegistration
{
    /// <summary>Adds stores in memory: <c>mem://name</c>. All stores of one name are one, for as long as this registry or host lives.</summary>
    public static T AddMemory<T>(this T providers)
        where T : IStoreProviderCollection
    {
        ArgumentNullException.ThrowIfNull(providers);
        providers.Add(new MemoryStoreProvider());
        return providers;
    }
}
