using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>
/// A look at the end of the ledger: one listing from the newest slot that is held tells whether that one is still there, and what is new; then one read for
/// each new slot. What must not be is reported, and stands in <see cref="Obstacles"/> for as long as it must stop an append.
/// </summary>
internal sealed class LedgerLook(LedgerSlots slots, LedgerReplica replica, IFindingSink findings)
{
    // How many reads are under way at the same time.
    private const int ReadAhead = 8;

    // How many slots behind a missing one are looked at; the first ones tell as much as all.
    private const int LookedBehindHole = 8;

    // A slot that comes while others are read is looked for again, but not for ever.
    private const int MostRounds = 3;

    // What was seen of the newest slot that is held, so that an equal version needs no second read.
    private (long Slot, ObjectVersion? Version) _compared;
    private Finding? _changed;
    private Finding? _hole;

    /// <summary>What the last look found at the end of the ledger that the owner of this index has not accepted.</summary>
    public IReadOnlyList<Finding> Obstacles =>
        [.. new[] { _changed, _hole }.OfType<Finding>().Where(finding => !findings.IsAccepted(finding))];

    /// <summary>Looks once, and takes all that is new.</summary>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        _hole = null;
        for (var round = 0; round < MostRounds && await RoundAsync(cancellationToken); round++)
            _hole = null;
    }

    /// <summary>One listing; true when there is more than it brought.</summary>
    private async ValueTask<bool> RoundAsync(CancellationToken cancellationToken)
    {
        var held = replica.Newest;
        var next = replica.NextSlot;
        var newest = default(ListedSlot?);
        var behind = new List<ListedSlot>();
        var waiting = new List<ListedSlot>();
        var torn = false;
        await foreach (var listed in slots.ListAsync(next > 1 ? next - 2 : 0, cancellationToken))
        {
            if (listed.Slot == held?.Slot)
            {
                newest = listed;
                continue;
            }
            if (listed.Slot == next + waiting.Count)
            {
                waiting.Add(listed);
                if (waiting.Count < ReadAhead)
                    continue;
                // The slots behind it hang on what is held now, so that comes first.
                await CheckNewestAsync(held, newest, cancellationToken);
                held = null;
                torn = !await TakeAsync(waiting, cancellationToken);
                if (torn)
                    break;
                next = replica.NextSlot;
                waiting.Clear();
                continue;
            }
            behind.Add(listed);
            if (behind.Count == LookedBehindHole)
                break;
        }
        await CheckNewestAsync(held, newest, cancellationToken);
        if (await TakeAsync(waiting, cancellationToken) && torn)
            return true;
        // What was listed and could not be read is missing like what was not listed.
        behind.InsertRange(0, waiting.Where(listed => listed.Slot > replica.NextSlot));
        return behind.Count > 0 && await LookBehindAsync(behind, cancellationToken);
    }

    /// <summary>Reads slots that follow each other, several at a time, and takes them in order; false when one was listed and cannot be read.</summary>
    private async ValueTask<bool> TakeAsync(List<ListedSlot> listed, CancellationToken cancellationToken)
    {
        var reads = listed.Where(slot => slot.Slot >= replica.NextSlot).Select(slot => slots.ReadAsync(slot.Slot, cancellationToken).AsTask()).ToList();
        try
        {
            foreach (var read in reads)
            {
                if (await read is not { } found)
                    return false;
                var height = replica.Chain.Height;
                replica.Take(found.Bytes);
                _compared = (found.Slot, found.Version);
                // A later block that continues the chain is an admin's word that the chain was right.
                if (replica.Chain.Height > height)
                    _changed = null;
            }
            return true;
        }
        finally
        {
            // None is left behind unobserved, when another one or the judgement failed.
            Task all = Task.WhenAll(reads);
            await Task.WhenAny(all);
            _ = all.Exception;
        }
    }

    private async ValueTask CheckNewestAsync(StoredBlock? held, ListedSlot? listed, CancellationToken cancellationToken)
    {
        if (held is null)
            return;
        if (listed is { } there && slots.HasStrongVersions && there.Version is { } version && _compared == (held.Slot, version))
            return;
        if (await slots.ReadAsync(held.Slot, cancellationToken) is { } found)
            Compare(held, found);
        else
            await PutBackAsync(held, cancellationToken);
    }

    private void Compare(StoredBlock held, SlotObject found)
    {
        _compared = (held.Slot, found.Version);
        if (SlotComparison.Contradiction(replica.Chain, held, found.Bytes) is { } contradiction)
        {
            _changed = contradiction;
            findings.Report(contradiction);
        }
        else if (string.Equals(_changed?.Subject, LedgerNames.Subject(held.Slot), StringComparison.Ordinal))
        {
            _changed = null;
        }
    }

    private async ValueTask PutBackAsync(StoredBlock held, CancellationToken cancellationToken)
    {
        if (!await slots.HasRealmAsync(cancellationToken))
            throw new VaultException("The store has nothing of this vault any more: is it the right one, and is it mounted? Nothing was read from it or written to it. What this device knows is as it was.");
        var absence = new Finding(
            FindingKind.Absence,
            LedgerNames.Subject(held.Slot),
            $"Slot {held.Slot}, the newest one of the ledger that was seen, is gone from the store, and nobody may delete it. It is put back from the local state.",
            NamesStore: true,
            Evidence: held.Hash.ToString(),
            Expected: held.Hash.ToString(),
            Found: "nothing");
        findings.Report(absence);
        try
        {
            await slots.PutBackAsync(held, cancellationToken);
            _changed = null;
        }
        catch (StoreException)
        {
            // Somebody else put it back, or this device may not write, or the answer was lost. What is there now tells.
            if (await slots.ReadAsync(held.Slot, cancellationToken) is { } found)
                Compare(held, found);
            else
                _changed = absence;
        }
    }

    /// <summary>
    /// Looks at what stands behind a slot that the listing lacks. A block of an admin there means that the slot was filled once: asked again and still
    /// absent, that is an absence. Anything else there is not looked at before its turn.
    /// </summary>
    /// <returns>Whether the slot is there now.</returns>
    private async ValueTask<bool> LookBehindAsync(List<ListedSlot> behind, CancellationToken cancellationToken)
    {
        var missing = replica.NextSlot;
        foreach (var listed in behind)
        {
            if (await slots.ReadAsync(listed.Slot, cancellationToken) is not { Bytes: { } bytes } || replica.Chain.SignerOfLater(listed.Slot, bytes) is not { } author)
                continue;
            if (await slots.ReadAsync(missing, cancellationToken) is not null)
                return true;
            _hole = new Finding(
                FindingKind.Absence,
                LedgerNames.Subject(missing),
                $"Slot {missing} of the ledger is absent, and slot {listed.Slot} behind it holds a block of {author.Fingerprint}, an admin: the store lost or hides a part of the ledger, or that admin made the block for nothing.",
                author,
                NamesStore: true,
                Evidence: Digest.Of(bytes).ToString());
            findings.Report(_hole);
            return false;
        }
        return false;
    }
}
