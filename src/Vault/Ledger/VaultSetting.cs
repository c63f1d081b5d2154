namespace Coffer.Vaults.Ledger;

/// <summary>The settings of a vault, as the format numbers them.</summary>
internal enum VaultSetting
{
    /// <summary>The life of the content of new files in seconds; 0 = for ever.</summary>
    ContentLife = 1,

    /// <summary>The quota in bytes; 0 = none.</summary>
    Quota = 2,

    /// <summary>The packing margin in seconds, 600 to 86,400.</summary>
    PackingMargin = 3,

    /// <summary>The freshness window in seconds; 0 = off.</summary>
    Freshness = 4,
}
