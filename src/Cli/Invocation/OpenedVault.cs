using Coffer.Cli.Home;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Invocation;

/// <summary>A vault that a command works with, and all that has to be closed after it.</summary>
internal sealed class OpenedVault(CofferHome home, string name, VaultEntry entry, Vault vault, IStore store, PrivateId? identity) : IAsyncDisposable
{
    /// <summary>The vault's name in this home.</summary>
    public string Name { get; } = name;

    public VaultEntry Entry { get; } = entry;

    public Vault Vault { get; } = vault;

    /// <summary>What this home calls people.</summary>
    public Task<People> PeopleAsync(CancellationToken cancellationToken) => People.OfAsync(home, cancellationToken);

    /// <summary>Refuses what takes an identity, when the vault is open without one, and says how to come by that.</summary>
    /// <param name="why">A sentence of why it takes one.</param>
    /// <exception cref="ToolException">The vault is open without an identity.</exception>
    public void RequireIdentity(string why = "Without one it can be read, and nothing else.")
    {
        if (Vault.IsAnonymous)
            throw new ToolException($"'{Name}' is open without an identity. {why} Join it again under its name with one: coffer join {Name} {VisibleText.Of(Entry.Url)} --creator {Entry.Creator} --realm {Entry.Realm} --as IDENTITY");
    }

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
