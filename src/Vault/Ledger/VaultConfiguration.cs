namespace Coffer.Vaults.Ledger;

/// <summary>The settings of a vault as they hold after a block. The defaults hold until a block sets another value.</summary>
internal sealed record VaultConfiguration
{
    /// <summary>The shortest packing margin, in seconds.</summary>
    public const long LeastPackingMargin = 600;

    /// <summary>The longest packing margin, in seconds.</summary>
    public const long MostPackingMargin = 86_400;

    /// <summary>What holds until something is set.</summary>
    public static VaultConfiguration Default { get; } = new();

    /// <summary>The life of the content of new files, in seconds; 0 = for ever.</summary>
    public long ContentLife { get; init; }

    /// <summary>The quota, in bytes; 0 = none.</summary>
    public long Quota { get; init; }

    /// <summary>The packing margin, in seconds.</summary>
    public long PackingMargin { get; init; } = 3_600;

    /// <summary>The freshness window, in seconds; 0 = off.</summary>
    public long Freshness { get; init; }

    /// <summary>Why a known setting cannot have a value; null when it can.</summary>
    public static string? Fault(VaultSetting setting, long value)
    {
        if (value < 0)
            return $"{setting} cannot be negative";
        return setting == VaultSetting.PackingMargin && (value is < LeastPackingMargin or > MostPackingMargin)
            ? $"the packing margin is {LeastPackingMargin} to {MostPackingMargin} seconds, not {value}"
            : null;
    }

    /// <summary>These settings with some of them changed.</summary>
    public VaultConfiguration With(IEnumerable<SettingValue> changes)
    {
        var changed = this;
        foreach (var (setting, value) in changes)
        {
            changed = setting switch
            {
                VaultSetting.ContentLife => changed with { ContentLife = value },
                VaultSetting.Quota => changed with { Quota = value },
                VaultSetting.PackingMargin => changed with { PackingMargin = value },
                VaultSetting.Freshness => changed with { Freshness = value },
                _ => throw new ArgumentOutOfRangeException(nameof(changes), setting, "This is no setting of a vault."),
            };
        }
        return changed;
    }
}
