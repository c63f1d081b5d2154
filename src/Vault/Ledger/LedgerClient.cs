using Coffer.Vaults.Keys;

namespace Coffer.Vaults.Ledger;

/// <summary>
/// The ledger of a vault on a store: looks at what is new, and appends. One call at a time; <see cref="Chain"/> may be read from any thread.
/// </summary>
internal sealed class LedgerClient
{
    private readonly LedgerTrust _trust;
    private readonly PrivateId? _me;
    private readonly EpochKeys _keys;
    private readonly VaultEnvironment _environment;
    private readonly LedgerSlots _slots;
    private readonly LedgerReplica _replica;
    private readonly LedgerLook _look;
    private readonly LedgerCheck _check;

    /// <summary>Takes up what the archive has. Nothing is asked of the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="trust">What is believed before the first block is read.</param>
    /// <param name="me">The identity that signs and opens keys; null to read what is public, and nothing else.</param>
    /// <param name="keys">Gets the keys that blocks give. It stays the caller's.</param>
    /// <param name="archive">Where slots are kept.</param>
    /// <param name="findings">Where findings go.</param>
    /// <param name="environment">Time, randomness and the check of signatures.</param>
    /// <exception cref="VaultException">The archive is not what was saved in it, or belongs to another vault.</exception>
    public LedgerClient(
        IStore store, LedgerTrust trust, PrivateId? me, EpochKeys keys, ILedgerArchive archive, IFindingSink findings, VaultEnvironment environment)
    {
        _trust = trust;
        _me = me;
        _keys = keys;
        _environment = environment;
        _slots = new LedgerSlots(store, trust.Realm);
        _replica = new LedgerReplica(trust, me, keys, archive, findings, environment.Signatures);
        _look = new LedgerLook(_slots, _replica, findings);
        _check = new LedgerCheck(_slots, _replica, archive);
    }

    /// <summary>The accepted blocks that are known.</summary>
    public LedgerChain Chain => _replica.Chain;

    /// <summary>The first slot that is not known.</summary>
    public long NextSlot => _replica.NextSlot;

    /// <summary>What must be accepted by the owner of this index, one by one, before it appends anything.</summary>
    public IReadOnlyList<Finding> Obstacles => [.. _replica.Obstacles, .. _look.Obstacles];

    /// <summary>Looks at the end of the ledger and takes what is new: one listing, and one read for each new slot.</summary>
    /// <returns>Whether the chain grew.</returns>
    /// <exception cref="NewerSoftwareException">An admin used what this software does not know; what came before it was taken.</exception>
    /// <exception cref="VaultException">There is no such vault on the store.</exception>
    /// <exception cref="StoreException">The store could not be asked.</exception>
    public async ValueTask<bool> LookAsync(CancellationToken cancellationToken)
    {
        var height = Chain.Height;
        await _look.RunAsync(cancellationToken);
        if (!Chain.IsEmpty)
            return Chain.Height > height;
        var skipped = _replica.NextSlot > 1 ? " What stands in its place does not belong to it." : "";
        throw new VaultException($"The store has no vault of {_trust.Creator.Fingerprint} in the realm '{_trust.Realm}'.{skipped}");
    }

    /// <summary>Makes the vault: writes the first block of its ledger, signed by this identity.</summary>
    /// <param name="segmentInterval">The segment interval in seconds, 60 to 31,622,400.</param>
    /// <param name="settings">The settings that differ from the defaults; may be empty.</param>
    /// <param name="cancellationToken">Cancels it; the vault may be there or not.</param>
    /// <exception cref="VaultException">There is something where the ledger would stand.</exception>
    public async ValueTask CreateAsync(long segmentInterval, IReadOnlyList<SettingValue> settings, CancellationToken cancellationToken)
    {
        var me = _me ?? throw new AccessDeniedException("A vault is made by an identity, and there is none.");
        if (me.Public != _trust.Creator)
            throw new AccessDeniedException("A vault is made by its creator, and this is another identity.");
        if (_replica.NextSlot > 1 || await _slots.HasAnythingAsync(cancellationToken))
            throw NotEmpty();
        var bytes = BlockBuilder.BuildGenesis(_trust.Realm, segmentInterval, settings, me, _environment);
        for (var attempts = new LedgerAttempts(_environment.Time); ;)
        {
            await attempts.CreateAsync(_slots, 1, bytes, cancellationToken);
            // Read back, whatever the answer was: only what stands there counts.
            if (await _slots.ReadAsync(1, cancellationToken) is { } found)
            {
                if (found.Bytes is null || !found.Bytes.AsSpan().SequenceEqual(bytes))
                    throw NotEmpty();
                await LookAsync(cancellationToken);
                return;
            }
            await attempts.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Makes changes to the vault: all of them in one block, or none. When another admin's block comes first, they are checked against it, and the block is
    /// built anew and sent again as long as all of them hold.
    /// </summary>
    /// <param name="intents">The changes; no member and no writer twice.</param>
    /// <param name="fullSync">Brings everything from the store, commits included. Called before each try that takes access from somebody.</param>
    /// <param name="cutOffs">What counts of a member's commits as of the last sync: the last one of each of its writers.</param>
    /// <param name="newest">The newest commit of this identity that is known to be stored; null for none.</param>
    /// <param name="cancellationToken">Cancels it; the changes may have been made or not.</param>
    /// <returns>What holds after the block.</returns>
    /// <exception cref="AccessDeniedException">This identity is no admin.</exception>
    /// <exception cref="LastAdminException">No admin would be left.</exception>
    /// <exception cref="VaultConflictException">Another block came first and not all changes hold any more; none was made.</exception>
    /// <exception cref="VaultIntegrityException">Something at the end of the ledger must be accepted first.</exception>
    /// <exception cref="StoreException">
    /// The store could not be asked; with <see cref="StoreErrorKind.OutcomeUnknown"/> the block may still appear, and a later look tells.
    /// </exception>
    public async ValueTask<LedgerState> AppendAsync(
        IReadOnlyList<LedgerIntent> intents,
        Func<CancellationToken, ValueTask> fullSync,
        Func<PublicId, IReadOnlyList<CutOffEntry>> cutOffs,
        Func<StoredCommit?> newest,
        CancellationToken cancellationToken)
    {
        if (intents.Count == 0)
            throw new ArgumentException("There is nothing to append.", nameof(intents));
        var me = _me ?? throw new AccessDeniedException("A change to a vault is signed by an admin, and this vault was opened without an identity.");
        var append = new LedgerAppend(this, _slots, _keys, me, _environment, intents, fullSync, cutOffs, newest);
        return await append.RunAsync(cancellationToken);
    }

    /// <summary>Reads every slot that is held again; see <see cref="LedgerCheck.RunAsync"/>.</summary>
    public Task<(long Slots, long Bytes, IReadOnlyList<Finding> Findings)> CheckAsync(Action<long, long> done, CancellationToken cancellationToken) => _check.RunAsync(done, cancellationToken);

    /// <summary>Puts back slots that the store lost; see <see cref="LedgerCheck.RepairAsync(CancellationToken)"/>.</summary>
    public Task<(int PutBack, IReadOnlyList<Finding> Left)> RepairAsync(CancellationToken cancellationToken) => _check.RepairAsync(cancellationToken);

    private VaultException NotEmpty() =>
        new($"There is a vault already, or something like one, in the realm '{_trust.Realm}' of this store. Join that one, or choose another realm or another place; nothing was changed.");
}
