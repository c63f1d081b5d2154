namespace Coffer.Vaults.Ledger;

/// <summary>Sets a member's access level, and states what it replaces, so that it can never be applied to anything else.</summary>
/// <param name="Member">The member.</param>
/// <param name="From">The level before the block.</param>
/// <param name="To">The level after it, another one.</param>
/// <param name="SetAt">The height of the block that set <paramref name="From"/>; 0 when none did.</param>
/// <param name="Wrap">The current epoch's key for the member, 81 bytes: exactly when <paramref name="From"/> is none and the block starts no epoch.</param>
/// <param name="CutOff">What still counts of the member's commits, ascending by writer: exactly when <see cref="TakesCommits"/>.</param>
internal sealed record LevelChange(
    PublicId Member, AccessLevel From, AccessLevel To, long SetAt, byte[]? Wrap, IReadOnlyList<CutOffEntry>? CutOff) : LedgerChange
{
    /// <summary>Its number in the format.</summary>
    public const long Number = 3;

    /// <inheritdoc/>
    public override long Kind => Number;

    /// <summary>Whether a change of level takes write access, or a reader's read access, and so needs a cut-off.</summary>
    public static bool TakesCommits(AccessLevel from, AccessLevel to) =>
        (from >= AccessLevel.Write && to < AccessLevel.Write) || (from == AccessLevel.Read && to == AccessLevel.None);

    /// <summary>Whether a change of level takes read access, and so needs a new epoch.</summary>
    public static bool TakesReading(AccessLevel from, AccessLevel to) => from >= AccessLevel.Read && to == AccessLevel.None;
}
