using Coffer;
using Coffer.Stores.Sftp;

// Where a host's program looks for it without another using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the provider of this assembly.</summary>
public static class SftpRegistration
{
    /// <summary>Adds stores on servers that are reached by OpenSSH: <c>sftp://user@host/path</c>.</summary>
    public static T AddSftp<T>(this T providers)
        where T : IStoreProviderCollection
    {
        ArgumentNullException.ThrowIfNull(providers);
        providers.Add(new SftpStoreProvider());
        return providers;
    }
}
