namespace Coffer;

/// <summary>
/// Where providers are added: a registry, or the services of a host. Each provider's assembly has an extension method for it, such as <c>AddS3()</c>.
/// </summary>
public interface IStoreProviderCollection
{
    /// <summary>Adds a provider.</summary>
    void Add(IStoreProvider provider);
}
