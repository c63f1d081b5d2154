using System.Runtime.CompilerServices;
using Coffer.Vaults.Naming;

namespace Coffer.Vaults.Ledger;

/// <summary>The slots of a ledger on a store.</summary>
internal sealed class LedgerSlots(IStore store, string realm)
{
    /// <summary>What stands where junk was skipped that is not kept: nothing that counts.</summary>
    private static readonly byte[] Filler = [.. "Something that was skipped stood in this slot, and was lost. Nothing counts here.\n"u8];

    /// <summary>Whether equal versions mean equal contents.</summary>
    public bool HasStrongVersions => store.Capabilities.StrongVersions;

    /// <summary>The slots behind one, ascending, in one listing. Other names are passed over.</summary>
    /// <param name="after">The slot; 0 for all.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public async IAsyncEnumerable<ListedSlot> ListAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new ListOptions { StartAfter = LedgerNames.Name(realm, after) };
        await foreach (var entry in store.ListAsync(LedgerNames.Prefix(realm), options, cancellationToken))
        {
            if (LedgerNames.TryParse(realm, entry.Key.Value, out var slot))
                yield return new ListedSlot(slot, entry.Version);
        }
    }

    /// <summary>Whether there is anything at all where the ledger stands.</summary>
    public ValueTask<bool> HasAnythingAsync(CancellationToken cancellationToken) => AnyAsync(LedgerNames.Prefix(realm), cancellationToken);

    /// <summary>Whether there is anything of the realm: a store that is not there, because a disk is not mounted, has nothing, or nothing but a change marker that was written meanwhile.</summary>
    public ValueTask<bool> HasRealmAsync(CancellationToken cancellationToken) => AnyAsync(realm + "/", cancellationToken);

    private async ValueTask<bool> AnyAsync(string prefix, CancellationToken cancellationToken)
    {
        var marker = new VaultNames(realm).Marker;
        await foreach (var entry in store.ListAsync(prefix, new ListOptions { PageSize = 2 }, cancellationToken))
        {
            if (entry.Key != marker)
                return true;
        }
        return false;
    }

    /// <summary>Reads a slot; null when it is absent.</summary>
    public async ValueTask<SlotObject?> ReadAsync(long slot, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await store.OpenReadAsync(Key(slot), cancellationToken: cancellationToken);
            var bytes = reader.Length > Block.MaxSize ? null : await reader.ReadToEndAsync(Block.MaxSize, cancellationToken);
            return new SlotObject(slot, bytes, reader.Info.Version);
        }
        catch (StoreException e) when (e.Kind == StoreErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>Creates a slot. Who comes second gets <see cref="StoreErrorKind.AlreadyExists"/>.</summary>
    public async ValueTask CreateAsync(long slot, byte[] bytes, CancellationToken cancellationToken) =>
        await store.PutBytesAsync(Key(slot), bytes, PutOptions.CreateOnly, cancellationToken);

    /// <summary>Creates a slot once more that is gone, as it is held.</summary>
    public ValueTask PutBackAsync(StoredBlock held, CancellationToken cancellationToken) =>
        CreateAsync(held.Slot, held.Bytes.Length > 0 ? held.Bytes : Filler, cancellationToken);

    /// <summary>Puts a block back over something that must not stand there.</summary>
    public async ValueTask ReplaceAsync(StoredBlock held, CancellationToken cancellationToken) =>
        await store.PutBytesAsync(Key(held.Slot), held.Bytes, cancellationToken: cancellationToken);

    private StoreKey Key(long slot) => StoreKey.Parse(LedgerNames.Name(realm, slot));
}

/// <summary>A slot in a listing.</summary>
internal readonly record struct ListedSlot(long Slot, ObjectVersion? Version);

/// <summary>A slot that was read.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Bytes">The object; null when it is larger than any block, and so was not read.</param>
/// <param name="Version">The store's version of it, where there is one.</param>
internal sealed record SlotObject(long Slot, byte[]? Bytes, ObjectVersion? Version);
