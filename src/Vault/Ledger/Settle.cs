using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>An admin's later word on one writer, which takes the place of what all earlier blocks say of it.</summary>
/// <param name="Height">The height of the block.</param>
/// <param name="Number">The last number that counts; 0 when none does.</param>
/// <param name="Hash">The hash of that commit; zero when the number is 0.</param>
/// <param name="Lost">Ranges of numbers that are lost for ever, ascending, with a gap between each two.</param>
internal sealed record Settle(long Height, long Number, Digest Hash, IReadOnlyList<NumberRange> Lost);
