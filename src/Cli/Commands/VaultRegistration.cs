using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary>Gives a vault a name in this home: what <c>create</c> and <c>join</c> have in common. When it fails, nothing of the name is left.</summary>
internal sealed class VaultRegistration(Session session, string name, string identity)
{
    public string IndexPath { get; } = Arguments.Read(name, session.Home.IndexPath);

    /// <summary>Makes or opens the vault, and then keeps its name.</summary>
    public async Task RunAsync(string url, Invitation? invitation, Func<IStore, PrivateId, Task<Vault>> open, CancellationToken cancellationToken)
    {
        using var alone = await session.Home.LockAsync(cancellationToken);
        var path = session.Home.VaultPath(name);
        if (Path.Exists(path))
            throw new ToolException($"There is a vault '{name}' already in this home. Choose another name; other members do not see it.");
        using var me = await session.OpenIdentityAsync(identity, cancellationToken);
        // Nobody has this name, so an index under it is what a killed process left.
        RemoveIndex();
        try
        {
            await using var store = session.Stores.Open(url);
            VaultEntry entry;
            await using (var vault = await open(store, me))
            {
                entry = new VaultEntry
                {
                    Url = url,
                    Realm = vault.Realm,
                    Identity = identity,
                    Creator = vault.Creator.ToString(),
                    VaultId = vault.Id,
                    Invitation = invitation?.ToString(),
                };
            }
            await entry.CreateAsync(session.Home, name, CancellationToken.None);
            Print(entry);
        }
        catch
        {
            RemoveIndex();
            throw;
        }
    }

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
        session.Out.WriteLine($"creator   {PublicId.Parse(entry.Creator).Fingerprint}");
    }

    /// <summary>The index and state of a vault are several files beside each other, all of whose names begin with the vault's.</summary>
    private void RemoveIndex()
    {
        var folder = Path.GetDirectoryName(IndexPath)!;
        foreach (var file in Directory.EnumerateFiles(folder, name + ".*").Where(IsOfIndex))
            File.Delete(file);
        foreach (var locks in Directory.EnumerateDirectories(folder, name + ".locks"))
            Directory.Delete(locks, recursive: true);
    }

    /// <summary>The vault 'team' has team.db, team.state.db and team.index-1.db with their -wal and -shm; a vault 'team.b' has team.b.db, which is not ours.</summary>
    private bool IsOfIndex(string file)
    {
        var rest = Path.GetFileName(file)[(name.Length + 1)..];
        return rest.StartsWith("db", StringComparison.Ordinal) || rest.StartsWith("state.db", StringComparison.Ordinal)
            || (rest.StartsWith("index-", StringComparison.Ordinal) && rest.AsSpan("index-".Length).IndexOfAnyExceptInRange('0', '9') is > 0 and var end
                && rest.AsSpan("index-".Length + end).StartsWith(".db", StringComparison.Ordinal));
    }
}
