namespace Coffer.Vaults.Ledger;

/// <summary>A setting and the value that it gets.</summary>
internal readonly record struct SettingValue(VaultSetting Setting, long Value);
