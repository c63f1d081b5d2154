using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;

namespace Coffer.Vaults.Ledger;

/// <summary>One append to the ledger, from the first look to the block's place in the chain. Every try has a block of its own, built for the chain of that moment.</summary>
internal sealed class LedgerAppend(
    LedgerClient client,
    LedgerSlots slots,
    EpochKeys keys,
    PrivateId me,
    VaultEnvironment environment,
    IReadOnlyList<LedgerIntent> intents,
    Func<CancellationToken, ValueTask> fullSync,
    Func<PublicId, IReadOnlyList<CutOffEntry>> cutOffs,
    Func<StoredCommit?> newest)
{
    private readonly bool _takes = intents.OfType<SetLevelIntent>().Any(intent => LevelChange.TakesCommits(intent.From, intent.To));
    private readonly HashSet<Digest> _sent = [];
    private readonly LedgerAttempts _attempts = new(environment.Time);

    // The slot of the last try whose fate is not known yet; 0 for none.
    private long _tried;

    /// <summary>Appends; see <see cref="LedgerClient.AppendAsync"/>.</summary>
    public async ValueTask<LedgerState> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AppendAsync(cancellationToken);
        }
        catch (StoreException e) when (_tried > 0 && e.Kind != StoreErrorKind.OutcomeUnknown)
        {
            throw new StoreException(
                StoreErrorKind.OutcomeUnknown, "A block was sent to the ledger, and the store could not be asked whether it is there. Look again later.", e);
        }
    }

    private async ValueTask<LedgerState> AppendAsync(CancellationToken cancellationToken)
    {
        LedgerChain? began = null;
        while (true)
        {
            if (await LookAsync(cancellationToken) is { } landed)
                return landed;
            if (_tried > 0)
                await _attempts.WaitAsync(cancellationToken);
            began ??= client.Chain;
            RequireAppendable(began);
            if (_takes)
            {
                // The sync may end long after it looked at the ledger, so it is looked at once more.
                await fullSync(cancellationToken);
                if (await LookAsync(cancellationToken) is { } late)
                    return late;
                RequireAppendable(began);
            }
            var slot = client.NextSlot;
            var bytes = Build(began, slot);
            _sent.Add(Digest.Of(bytes));
            await _attempts.CreateAsync(slots, slot, bytes, cancellationToken);
            _tried = slot;
        }
    }

    /// <summary>Looks at the ledger; what holds after the block of an earlier try, when that one landed.</summary>
    private async ValueTask<LedgerState?> LookAsync(CancellationToken cancellationToken)
    {
        await client.LookAsync(cancellationToken);
        if (client.NextSlot > _tried)
            _tried = 0;
        var landed = _sent.Select(client.Chain.HeightOf).FirstOrDefault(height => height is not null);
        return landed is { } at ? client.Chain.StateAt(at) : null;
    }

    private void RequireAppendable(LedgerChain began)
    {
        var chain = client.Chain;
        if (began.Tip.LevelOf(me.Public) != AccessLevel.Admin)
            throw new AccessDeniedException($"Only an admin can change a vault, and {me.Public.Fingerprint} has the access '{AccessLevels.Format(began.Tip.LevelOf(me.Public))}'.");
        if (chain.Tip.MembershipOf(me.Public) is { Level: not AccessLevel.Admin } taken)
            throw Conflict(taken.SetAt, "it took admin access from this identity");
        foreach (var intent in intents)
        {
            if (intent.BrokenAt(began, chain) is not { } height)
                continue;
            throw height > 0
                ? Conflict(height, "what it set is another thing than this change would replace")
                : new InvalidOperationException($"{intent} replaces a level that was never set.");
        }
        if (client.Obstacles is { Count: > 0 } obstacles)
            throw new VaultIntegrityException("Nothing is appended to the ledger before its admin has looked at this and accepted it.", obstacles);
    }

    private byte[] Build(LedgerChain began, long slot)
    {
        var chain = client.Chain;
        try
        {
            return BlockBuilder.Build(chain, slot, intents, keys, me, newest(), cutOffs, environment);
        }
        catch (LastAdminException) when (LastLowered(chain) > began.Height)
        {
            throw Conflict(LastLowered(chain), "since it, this would take the last admin from the vault");
        }
    }

    /// <summary>The height of the newest block that took admin access from somebody; 0 for none.</summary>
    private static long LastLowered(LedgerChain chain)
    {
        for (var height = chain.Height; height > 1; height--)
        {
            var (before, after) = (chain.StateAt(height - 1).Members, chain.StateAt(height).Members);
            if (before.Any(member => member.Value.Level == AccessLevel.Admin && after[member.Key].Level != AccessLevel.Admin))
                return height;
        }
        return 0;
    }

    private VaultConflictException Conflict(long height, string why)
    {
        var block = client.Chain.StateAt(height);
        return new VaultConflictException(
            $"None of the changes was made: the block of height {height} by {block.Author.Fingerprint} came first, and {why}.",
            height, block.Hash.ToString(), block.Author);
    }
}
