using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Sync;

namespace Coffer.Vaults;

/// <summary>What has to hold before a vault is open: the local files belong to it, the store has what an invitation vouches for, and the identity is a member.</summary>
internal static class VaultOpening
{
    /// <summary>Who has this lock of a device makes a new index there.</summary>
    public const string RebuildLock = "rebuild";

    public static VaultDevice Create(IStore store, PrivateId identity, VaultCreateOptions options)
    {
        ConditionalPuts.Require(store);
        var paths = new LocalPaths(options.IndexPath);
        var database = LocalDatabase.Open(paths);
        return Guarded(database, () =>
        {
            if (new State.MetaTable(database).VaultId is not null)
                throw new VaultException($"'{paths.State}' belongs to a vault already. Choose another index path for the new one.");
            ForgetWhatWasNotBelieved(database, options.Environment);
            return new VaultDevice(store, identity, new LedgerTrust(identity.Public, options.Realm), database, paths, options.Environment, options.SyncCooldown);
        });
    }

    /// <param name="store">The store.</param>
    /// <param name="identity">Who opens it; null to read a public vault.</param>
    /// <param name="options">Which vault, and where its index is.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task<VaultDevice> OpenAsync(IStore store, PrivateId? identity, VaultOpenOptions options, CancellationToken cancellationToken)
    {
        var realm = options.Pin?.Realm ?? options.Realm ?? (identity is null ? GenesisChange.PublicRealm : VaultCreateOptions.DefaultRealm);
        if (identity is not null)
            ConditionalPuts.Require(store);
        else if (!GenesisChange.IsPublic(realm))
            throw new AccessDeniedException($"The vault in the realm '{realm}' is encrypted, so it takes the identity of a member to open it; without one, only the realm '{GenesisChange.PublicRealm}' can be read.");
        var paths = new LocalPaths(options.IndexPath);
        var database = await OpenDatabaseAsync(paths, identity, options.Environment.Time, cancellationToken);
        return Guarded(database, () =>
        {
            var trust = Trust(database, paths, realm, options);
            var isKnown = new State.MetaTable(database).VaultId is not null;
            try
            {
                return Make();
            }
            catch (VaultException) when (!isKnown)
            {
                ForgetWhatWasNotBelieved(database, options.Environment);
                return Make();
            }

            VaultDevice Make() => new(store, identity, trust, database, paths, options.Environment, options.SyncCooldown);
        });
    }

    /// <summary>The local files. An index that was sealed for nobody does not serve an identity, nor the other way round: it is begun anew, and what the state remembers is kept.</summary>
    private static async Task<LocalDatabase> OpenDatabaseAsync(LocalPaths paths, PrivateId? identity, TimeProvider time, CancellationToken cancellationToken)
    {
        if (TryOpen() is { } found)
            return found;
        using (await LocalLock.TakeAsync(paths, RebuildLock, time, cancellationToken))
        {
            if (TryOpen() is { } meanwhile)
                return meanwhile;
            var database = LocalDatabase.OpenNextGeneration(paths);
            return Guarded(database, () =>
            {
                new Index.StatusTable(database).Owner = VaultDevice.OwnerOf(identity);
                database.Adopt();
                return database;
            });
        }

        LocalDatabase? TryOpen()
        {
            var database = LocalDatabase.Open(paths);
            return Guarded(database, () =>
            {
                RequireOwnState(database, paths, identity);
                if ((new Index.StatusTable(database).Owner ?? VaultDevice.OwnerOf(identity)) == VaultDevice.OwnerOf(identity))
                    return database;
                database.Dispose();
                return null;
            });
        }
    }

    private static void RequireOwnState(LocalDatabase database, LocalPaths paths, PrivateId? identity)
    {
        if (new State.MetaTable(database).Member is { } member && member != identity?.Public.ToString())
            throw new AccessDeniedException($"'{paths.State}' belongs to {(identity is null ? "an" : "another")} identity ({PublicId.Parse(member).Fingerprint}). Open the vault with that one, or with an index path of its own.");
    }

    /// <summary>An attempt to open the vault with another creator, realm or invitation leaves what it read, and that does not fit now. It was never taken for a vault.</summary>
    private static void ForgetWhatWasNotBelieved(LocalDatabase database, VaultEnvironment environment) => database.Write(() =>
    {
        new State.BlockTable(database).Clear();
        new State.FindingTable(database, environment.Time).Clear();
    });

    /// <summary>A device with the same state, and an empty index of the next generation.</summary>
    public static VaultDevice OpenNextGeneration(VaultDevice device)
    {
        var database = LocalDatabase.OpenNextGeneration(device.Paths);
        return Guarded(database, () => device.With(database));
    }

    private static T Guarded<T>(LocalDatabase database, Func<T> make)
    {
        try
        {
            return make();
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static LedgerTrust Trust(LocalDatabase database, LocalPaths paths, string realm, VaultOpenOptions options)
    {
        var meta = new State.MetaTable(database);
        var creator = options.Pin?.Creator ?? options.Creator ?? (meta.Creator is { } known ? PublicId.Parse(known) : null)
            ?? throw new VaultException("Who created the vault must be known to open it for the first time: give an invitation, or the creator's public id.");
        if (meta.VaultId is null)
            return new LedgerTrust(creator, realm, options.Pin?.Vault);
        var vault = new Digest(Convert.FromHexString(meta.VaultId));
        if (meta.Realm != realm || meta.Creator != creator.ToString() || (options.Pin is { } pin && pin.Vault != vault))
            throw new VaultException($"'{paths.State}' belongs to another vault than the one that is asked for (realm '{meta.Realm}', id {meta.VaultId}). Choose another index path.");
        return new LedgerTrust(creator, realm, vault);
    }

    /// <summary>Holds the ledger against what the invitation vouches for.</summary>
    public static void CheckPin(VaultDevice device, Invitation? pin)
    {
        if (pin is null)
            return;
        if (new LedgerPin(pin.Slot, pin.Height, pin.Head).Check(device.Ledger) is { } finding)
        {
            device.Findings.Report(finding);
            throw new VaultIntegrityException("This is not the vault that the invitation names. Nothing of it was believed; ask who invited you, by another way than the store.", [finding]);
        }
        if (pin.Newest is { } newest && !device.Commits.Holds(newest))
            device.Vouches.NoteVouched(newest, "the invitation", pin.Height);
    }

    /// <summary>Another process may have begun the index anew for somebody else: nothing of this device may come into that one.</summary>
    public static void RequireOwnIndex(VaultDevice device)
    {
        if (device.Status.Owner is { } owner && owner != device.IndexOwner)
            throw new VaultException($"'{device.Paths.State}' was opened {(owner.Length == 0 ? "without" : "with")} an identity meanwhile, and its index was begun anew for that. Open the vault again, under an index path of its own.");
    }

    /// <summary>Keeps whose vault this is, and prepares for the first listing.</summary>
    public static void Settle(VaultDevice device)
    {
        if (device.Level == AccessLevel.None && device.Keys.Epochs.Count == 0)
            throw new AccessDeniedException($"This identity is no member of the vault. Give an admin your public id, {device.Me} (fingerprint {device.Me.Fingerprint}), and ask for a grant; then open it again.", AccessLevel.Read);
        device.Database.Write(() =>
        {
            var tip = device.Ledger.Tip;
            device.Meta.VaultId = tip.VaultId.ToString();
            device.Meta.Realm = tip.Realm;
            device.Meta.Creator = tip.Creator.ToString();
            device.Status.Owner = device.IndexOwner;
            if (!device.IsAnonymous)
                device.Meta.Member = device.Me.ToString();
            if (device.Meta.Machine is { } machine && machine != device.Environment.Machine)
                device.OwnWriters.RetireAll();
            device.Meta.Machine = device.Environment.Machine;
            if (device.Database.Loss is { } loss)
                device.Findings.Report(new Finding(FindingKind.LocalDamage, loss.File, loss.Message));
            new MissingWatch(device).VouchForPins(tip.Height);
        });
    }
}
