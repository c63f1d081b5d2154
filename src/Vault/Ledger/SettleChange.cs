using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>Says what counts of one writer, in place of all that earlier blocks say of it.</summary>
/// <param name="Author">Whose writer it is.</param>
/// <param name="Writer">The line of commits.</param>
/// <param name="Last">The last number that counts; 0 when none does.</param>
/// <param name="Hash">The hash of that commit; zero when <paramref name="Last"/> is 0.</param>
/// <param name="Lost">Ranges of numbers that are lost for ever: ascending, with a gap between each two, none above <paramref name="Last"/>.</param>
internal sealed record SettleChange(PublicId Author, ulong Writer, long Last, Digest Hash, IReadOnlyList<NumberRange> Lost) : LedgerChange
{
    /// <summary>Its number in the format.</summary>
    public const long Number = 5;

    /// <inheritdoc/>
    public override long Kind => Number;
}
