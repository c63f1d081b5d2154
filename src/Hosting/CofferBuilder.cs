using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Hosting;

/// <summary>What <c>AddCoffer</c> gives, to say which providers there are. Each provider's package has a method for it, such as <c>AddS3()</c>.</summary>
public sealed class CofferBuilder : IStoreProviderCollection
{
    internal CofferBuilder(IServiceCollection services, IConfigurationSection section)
    {
        Services = services;
        Section = section;
    }

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The section of the configuration that <c>AddCoffer</c> was given.</summary>
    public IConfigurationSection Section { get; }

    /// <summary>Adds a provider. It belongs to the host's services, and is made once.</summary>
    public void Add(IStoreProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Services.AddSingleton(provider);
    }
}
