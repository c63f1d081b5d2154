namespace Coffer.Vaults.Ledger;

/// <summary>One change in a block.</summary>
internal abstract record LedgerChange
{
    /// <summary>Its number in the format; changes stand ascending by it.</summary>
    public abstract long Kind { get; }
}
