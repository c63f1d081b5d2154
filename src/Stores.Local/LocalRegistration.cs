using Coffer;
using Coffer.Stores.Local;

// Where a host's program looks for it without another using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the provider of this assembly.</summary>
public static class LocalRegistration
{
    /// <summary>Adds stores in folders of this machine: <c>file:///var/coffer</c>.</summary>
    public static T AddLocal<T>(this T providers)
        where T : IStoreProviderCollection
    {
        ArgumentNullException.ThrowIfNull(providers);
        providers.Add(new LocalStoreProvider());
        return providers;
    }
}
