using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary>Gives a vault a name in this home: what <c>create</c> and <c>join</c> have in common. When it fails, nothing of the name is left.</summary>
/// <param name="session">The session.</param>
/// <param name="name">The name to be given.</param>
/// <param name="identity">The identity of this home that opens it; null to read a public vault without one.</param>
internal sealed class VaultRegistration(Session session, string name, string? identity)
{
    public string IndexPath { get; } = Arguments.Read(name, session.Home.IndexPath);

    /// <summary>Makes the vault, and then keeps its name.</summary>
    public Task CreateAsync(string url, VaultCreateOptions options, CancellationToken cancellationToken) =>
        RunAsync(url, joined: null, (store, me) => Vault.CreateAsync(store, me!, options, cancellationToken), cancellationToken);

    /// <summary>Opens the vault, and then keeps its name.</summary>
    public Task JoinAsync(string url, VaultOpenOptions options, CancellationToken cancellationToken) => RunAsync(
        url,
        options,
        (store, me) => me is null ? Vault.OpenPublicAsync(store, options, cancellationToken) : Vault.OpenAsync(store, me, options, cancellationToken),
        cancellationToken);

    private async Task RunAsync(string url, VaultOpenOptions? joined, Func<IStore, PrivateId?, Task<Vault>> open, CancellationToken cancellationToken)
    {
        using var alone = await session.Home.LockAsync(cancellationToken);
        var isNew = !Path.Exists(session.Home.VaultPath(name));
        if (!isNew && !IsReadOnlyEntryOf(joined, await VaultEntry.ReadAsync(session.Home, name, cancellationToken)))
            throw new ToolException($"There is a vault '{name}' already in this home. Choose another name; other members do not see it.");
        using var me = identity is null ? null : await session.OpenIdentityAsync(identity, cancellationToken);
        // Where nobody has the name, an index under it is what a killed process left.
        if (isNew)
            session.Home.RemoveIndex(name);
        try
        {
            await using var store = await session.OpenStoreAsync(url, cancellationToken);
            VaultEntry entry;
            await using (var vault = await OpenAsync(store))
            {
                entry = new VaultEntry
                {
                    Url = url,
                    Realm = vault.Realm,
                    Identity = identity,
                    Creator = vault.Creator.ToString(),
                    VaultId = vault.Id,
                    Invitation = joined?.Pin?.ToString(),
                };
            }
            await entry.WriteAsync(session.Home, name, replaces: !isNew, CancellationToken.None);
            Print(entry);
        }
        catch
        {
            if (isNew)
                session.Home.RemoveIndex(name);
            throw;
        }

        async Task<Vault> OpenAsync(IStore store)
        {
            try
            {
                return await open(store, me);
            }
            catch (ArgumentException e)
            {
                // What the library does not take came from the command line, such as the name of a realm.
                throw ToolException.Usage(ErrorText.Of(e));
            }
            catch (VaultException e) when (joined is not null && e.GetType() == typeof(VaultException))
            {
                if (await EmptyStore.IsEmptyAsync(store, cancellationToken))
                    throw EmptyStore.Tell(url, "so no vault that could be joined", e);
                throw;
            }
        }
    }

    /// <summary>Whether a name stands for the same public vault, read without an identity: who joins with one goes on under that name.</summary>
    private bool IsReadOnlyEntryOf(VaultOpenOptions? joined, VaultEntry known) =>
        joined is not null && identity is not null && known.Identity is null && known.Realm == joined.Realm && known.Creator == joined.Creator?.ToString();

    private void Print(VaultEntry entry)
    {
        if (session.Json)
        {
            session.WriteJson(VaultsCommand.View(name, entry), ViewJson.Readable.VaultView);
            return;
        }
        session.Out.WriteLine($"vault     {name}");
        session.Out.WriteLine($"vault id  {entry.VaultId}");
        session.Out.WriteLine($"store     {VisibleText.Of(entry.Url)}");
        if (entry.Realm == Vault.PublicRealm)
            session.Out.WriteLine("realm     public: anybody who knows the creator can read all of it");
        session.Out.WriteLine($"creator   {PublicId.Parse(entry.Creator).Fingerprint}");
    }
}
