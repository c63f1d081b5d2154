using Coffer;
using Coffer.Stores.Azure;

// Where a host's program looks for it without another using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the provider of this assembly.</summary>
public static class AzureRegistration
{
    /// <summary>Adds stores in containers of Azure Blob Storage: <c>azblob://account/container/prefix</c>.</summary>
    public static T AddAzure<T>(this T providers)
        where T : IStoreProviderCollection
    {
        ArgumentNullException.ThrowIfNull(providers);
        providers.Add(new AzureStoreProvider());
        return providers;
    }
}
