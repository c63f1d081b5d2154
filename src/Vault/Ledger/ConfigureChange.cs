namespace Coffer.Vaults.Ledger;

/// <summary>Sets some of the vault's settings; what it does not name stays as it is.</summary>
/// <param name="Settings">At least one, ascending by setting.</param>
internal sealed record ConfigureChange(IReadOnlyList<SettingValue> Settings) : LedgerChange
{
    /// <summary>Its number in the format.</summary>
    public const long Number = 2;

    /// <inheritdoc/>
    public override long Kind => Number;
}
