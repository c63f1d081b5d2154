using Coffer.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Coffer.Hosting;

/// <summary>The sections of the layers: the names of their options, or <c>false</c> for no such layer.</summary>
internal static class LayerSettings
{
    public static RetryOptions? Retry(IConfigurationSection section) => Read(section, new RetryOptions(),
        static (options, entry) => entry.Key.ToUpperInvariant() switch
        {
            "MAXRETRIES" => options with { MaxRetries = SettingReader.Int(entry) },
            "DELAY" => options with { Delay = SettingReader.Time(entry) },
            "MAXDELAY" => options with { MaxDelay = SettingReader.Time(entry) },
            "MAXRETRYAFTER" => options with { MaxRetryAfter = SettingReader.Time(entry) },
            _ => throw Unknown(entry, "MaxRetries, Delay, MaxDelay and MaxRetryAfter"),
        },
        static options => options.Validate());

    public static TimeoutOptions? Timeout(IConfigurationSection section) => Read(section, new TimeoutOptions(),
        static (options, entry) => entry.Key.ToUpperInvariant() switch
        {
            "ANSWER" => options with { Answer = SettingReader.Time(entry) },
            "IDLE" => options with { Idle = SettingReader.Time(entry) },
            _ => throw Unknown(entry, "Answer and Idle"),
        },
        static options => options.Validate());

    public static ConcurrencyLimitOptions? ConcurrencyLimit(IConfigurationSection section) => Read(section, new ConcurrencyLimitOptions(),
        static (options, entry) => entry.Key.ToUpperInvariant() switch
        {
            "READS" => options with { Reads = SettingReader.Int(entry) },
            "WRITES" => options with { Writes = SettingReader.Int(entry) },
            _ => throw Unknown(entry, "Reads and Writes"),
        },
        static options => options.Validate());

    private static T? Read<T>(IConfigurationSection section, T options, Func<T, IConfigurationSection, T> set, Action<T> validate)
        where T : class
    {
        if (section.Value is not null)
            return SettingReader.Bool(section) ? options : null;
        foreach (var entry in section.GetChildren())
            options = set(options, entry);
        try
        {
            validate(options);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw SettingReader.Wrong($"{section.Path}:{e.ParamName}", e.Message);
        }
        return options;
    }

    private static OptionsValidationException Unknown(IConfigurationSection entry, string known) =>
        SettingReader.Wrong(entry.Path, $"there is no such setting. There are {known}.");
}
