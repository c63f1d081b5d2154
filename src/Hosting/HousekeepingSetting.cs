using Microsoft.Extensions.Configuration;

namespace Coffer.Hosting;

/// <summary>The section <c>Housekeeping</c> of a vault.</summary>
internal static class HousekeepingSetting
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is unknown or wrong; the message names it.</exception>
    public static HousekeepingValues Read(IConfigurationSection section)
    {
        if (!string.IsNullOrEmpty(section.Value))
            throw SettingReader.Wrong(section.Path, $"this is a section with Enabled and Interval, not '{section.Value}'.");
        var values = new HousekeepingValues();
        foreach (var entry in section.GetChildren())
        {
            values = entry.Key.ToUpperInvariant() switch
            {
                "ENABLED" => values with { Enabled = SettingReader.Bool(entry) },
                "INTERVAL" => values with { Interval = Checked(entry, SettingReader.Time(entry)) },
                _ => throw SettingReader.Wrong(entry.Path, "there is no such setting. There are Enabled and Interval."),
            };
        }
        return values;
    }

    private static TimeSpan Checked(IConfigurationSection entry, TimeSpan interval) => interval >= Shortest && interval <= Longest
        ? interval
        : throw SettingReader.Wrong(entry.Path, $"this is a time from {Shortest:c} to {Longest:c}, not '{entry.Value}'.");
}

/// <summary>How housekeeping of a vault runs in this host.</summary>
internal sealed record HousekeepingValues
{
    /// <summary>Whether it runs at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long from the end of one round to the next, about.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);
}
