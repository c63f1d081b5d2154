namespace Coffer.Vaults.Ledger;

/// <summary>A member's access, and the height of the block that set it.</summary>
internal readonly record struct Membership(AccessLevel Level, long SetAt);
