using Coffer.Cli.Home;
using Coffer.Vaults;

namespace Coffer.Cli.Invocation;

/// <summary>A vault that a command works with, and all that has to be closed after it.</summary>
internal sealed class OpenedVault(VaultEntry entry, Vault vault, IStore store, PrivateId? identity) : IAsyncDisposable
{
    public VaultEntry Entry { get; } = entry;

    public Vault Vault { get; } = vault;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Vault.DisposeAsync();
        }
        finally
        {
            await store.DisposeAsync();
            identity?.Dispose();
        }
    }
}
