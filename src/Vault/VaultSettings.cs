using Coffer.Vaults.Ledger;

namespace Coffer.Vaults;

/// <summary>What the admins of a vault set for all of it.</summary>
public sealed record VaultSettings
{
    /// <summary>How long new files live; null for ever. Whole seconds.</summary>
    public TimeSpan? ContentLife { get; init; }

    /// <summary>The most bytes of bodies on the store, checked by who writes; null for no limit.</summary>
    public long? Quota { get; init; }

    /// <summary>How long a pack must have been on the store before what it replaces is deleted: 10 minutes to a day.</summary>
    public TimeSpan PackingMargin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long no admin's device may be silent, a minute or more, in whole seconds; null when nobody watches, as by default. Open devices of admins then commit something, be it nothing, when half of it has passed without a sign; whoever sees none for all of it says so (<see cref="FindingKind.Silence"/>), because the store may hide what is new.
    /// </summary>
    public TimeSpan? Freshness { get; init; }

    internal static VaultSettings Of(VaultConfiguration configuration) => new()
    {
        ContentLife = configuration.ContentLife == 0 ? null : TimeSpan.FromSeconds(configuration.ContentLife),
        Quota = configuration.Quota == 0 ? null : configuration.Quota,
        PackingMargin = TimeSpan.FromSeconds(configuration.PackingMargin),
        Freshness = configuration.Freshness == 0 ? null : TimeSpan.FromSeconds(configuration.Freshness),
    };

    /// <summary>The settings in which this differs from what holds.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal IReadOnlyList<SettingValue> Changes(VaultConfiguration from)
    {
        var changes = new List<SettingValue>();
        Add(VaultSetting.ContentLife, from.ContentLife, ContentLife is { } life ? (long)life.TotalSeconds : 0);
        Add(VaultSetting.Quota, from.Quota, Quota ?? 0);
        Add(VaultSetting.PackingMargin, from.PackingMargin, (long)PackingMargin.TotalSeconds);
        if (Freshness < TimeSpan.FromMinutes(1))
            throw new ArgumentException("A freshness window is a minute or more.", nameof(from));
        Add(VaultSetting.Freshness, from.Freshness, Freshness is { } window ? (long)window.TotalSeconds : 0);
        return changes;

        void Add(VaultSetting setting, long before, long after)
        {
            if (VaultConfiguration.Fault(setting, after) is { } fault)
                throw new ArgumentException($"{fault}.", nameof(from));
            if (before != after)
                changes.Add(new SettingValue(setting, after));
        }
    }
}
