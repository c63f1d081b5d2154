using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>A change that an admin wants, before there is a block for it. Together, all intents of one append land in one block, or none does.</summary>
internal abstract record LedgerIntent
{
    /// <summary>
    /// The height of the block because of which this change does not hold any more; 0 when it never held; null when it holds. It is asked again whenever
    /// another admin's block came first.
    /// </summary>
    /// <param name="began">The chain when the append began.</param>
    /// <param name="now">The chain as it is known now.</param>
    public abstract long? BrokenAt(LedgerChain began, LedgerChain now);
}

/// <summary>Set a member's level, replacing exactly the level that was set at a height.</summary>
/// <param name="Member">The member.</param>
/// <param name="From">Its level now.</param>
/// <param name="SetAt">The height of the block that set that; 0 when none did.</param>
/// <param name="To">Its level to be.</param>
internal sealed record SetLevelIntent(PublicId Member, AccessLevel From, long SetAt, AccessLevel To) : LedgerIntent
{
    /// <summary>The intent to change a member's level from what it is in a state.</summary>
    public static SetLevelIntent Of(LedgerState state, PublicId member, AccessLevel to)
    {
        var (level, setAt) = state.MembershipOf(member);
        return new SetLevelIntent(member, level, setAt, to);
    }

    /// <inheritdoc/>
    public override long? BrokenAt(LedgerChain began, LedgerChain now)
    {
        var current = now.Tip.MembershipOf(Member);
        return current == new Membership(From, SetAt) ? null : current.SetAt;
    }
}

/// <summary>Start a new key epoch.</summary>
internal sealed record RotateIntent : LedgerIntent
{
    /// <inheritdoc/>
    public override long? BrokenAt(LedgerChain began, LedgerChain now) => null;
}

/// <summary>Set some of the settings. Of two admins who set the same one at the same time, the later block holds.</summary>
/// <param name="Settings">At least one, each setting once.</param>
internal sealed record ConfigureIntent(IReadOnlyList<SettingValue> Settings) : LedgerIntent
{
    /// <inheritdoc/>
    public override long? BrokenAt(LedgerChain began, LedgerChain now) => null;
}

/// <summary>Say what counts of one writer. It holds as long as nobody else settled the same writer meanwhile.</summary>
/// <param name="Author">Whose writer it is.</param>
/// <param name="Writer">The line of commits.</param>
/// <param name="Last">The last number that counts; 0 when none does.</param>
/// <param name="Hash">The hash of that commit; zero when <paramref name="Last"/> is 0.</param>
/// <param name="Lost">Ranges of numbers that are lost for ever, ascending, with a gap between each two.</param>
internal sealed record SettleIntent(PublicId Author, ulong Writer, long Last, Digest Hash, IReadOnlyList<NumberRange> Lost) : LedgerIntent
{
    /// <inheritdoc/>
    public override long? BrokenAt(LedgerChain began, LedgerChain now)
    {
        var settled = now.SettlesOf(Author, Writer);
        return settled.Count == began.SettlesOf(Author, Writer).Count ? null : settled[^1].Height;
    }
}
