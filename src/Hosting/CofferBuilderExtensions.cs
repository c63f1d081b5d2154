using Coffer.Hosting;
using Coffer.Stores;
using Coffer.Stores.Local;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The providers that come with Coffer.Hosting.</summary>
public static class CofferBuilderExtensions
{
    /// <summary>Adds stores in folders of this machine: <c>file:///var/coffer</c>.</summary>
    public static CofferBuilder AddLocal(this CofferBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddProvider(new LocalStoreProvider());
    }

    /// <summary>Adds stores in memory: <c>mem://name</c>. All stores of one name are one, for as long as the host lives.</summary>
    public static CofferBuilder AddMemory(this CofferBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddProvider(new MemoryStoreProvider());
    }
}
