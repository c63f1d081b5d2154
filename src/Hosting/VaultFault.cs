using Coffer.Vaults;

namespace Coffer.Hosting;

/// <summary>Why a vault of the configuration could not be opened, in terms of the settings.</summary>
internal static class VaultFault
{
    /// <param name="fault">What happened.</param>
    /// <param name="setting">The vault's setting.</param>
    /// <param name="storePath">The place of its store in the configuration.</param>
    public static HostedVaultException Tell(Exception fault, VaultSetting setting, string storePath) => new(
        fault switch
        {
            IdentityFileException => $"{setting.Path}:Identity: {fault.Message}",
            StoreException { IsTransient: true } => $"{setting.Path}: its store cannot be reached. {storePath}: {fault.Message} Check the store and its URL, then start again.",
            StoreException { Kind: StoreErrorKind.Unauthenticated or StoreErrorKind.PermissionDenied } =>
                $"{setting.Path}: its store does not let this host in. {storePath}: {fault.Message} Credentials are settings below {storePath}, from user secrets or environment variables, or what the tools of the service use.",
            StoreException => $"{setting.Path}: its store cannot be used. {storePath}: {fault.Message}",
            VaultException => $"{setting.Path}: {fault.Message} It was looked for on the store {storePath}: check that this is the right URL and prefix, and Creator, Pin and Realm of the vault.",
            IOException or UnauthorizedAccessException => $"{setting.Path}:Index: the index of the vault cannot be used: {fault.Message}",
            _ => $"{setting.Path}: the vault was not opened: {fault.Message}",
        },
        fault);

    /// <summary>All that kept vaults from being opened, as one error.</summary>
    public static Exception All(IReadOnlyList<Exception> faults) =>
        faults.Count == 1 ? faults[0] : new HostedVaultException(string.Join(Environment.NewLine, faults.Select(static fault => fault.Message)), new AggregateException(faults));
}
