using Coffer.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Coffer.Hosting;

/// <summary>One store of the configuration: a URL, or a section with <c>Url</c> and settings. Read by hand, so that it works in trimmed programs too.</summary>
internal sealed class StoreSetting(IConfigurationSection section)
{
    /// <summary>The name under which the store is a service.</summary>
    public string Name => section.Key;

    /// <summary>The setting's place in the configuration, for messages.</summary>
    public string Path => section.Path;

    /// <summary>Opens the store.</summary>
    /// <exception cref="OptionsValidationException">A setting is missing, unknown or wrong; the message names it.</exception>
    public IStore Open(StoreRegistry registry, TimeProvider time)
    {
        var url = ReadUrl();
        var options = ReadOptions(time);
        try
        {
            return registry.Open(url, options);
        }
        catch (StoreException e)
        {
            throw SettingReader.Wrong(section.Path, e.Message);
        }
    }

    private StoreUrl ReadUrl()
    {
        var (path, text) = section.Value is { } value ? (section.Path, value) : (section.Path + ":Url", section["Url"]);
        if (string.IsNullOrWhiteSpace(text))
            throw SettingReader.Wrong(path, "this is missing. A store needs a URL, such as file:///var/coffer or s3://bucket/prefix.");
        try
        {
            return StoreUrl.Parse(text);
        }
        catch (FormatException e)
        {
            throw SettingReader.Wrong(path, e.Message);
        }
    }

    private StoreOpenOptions ReadOptions(TimeProvider time)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var options = new StoreOpenOptions();
        foreach (var entry in section.GetChildren())
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "URL":
                    break;
                case "PREFIX":
                    options = options with { Prefix = ReadPrefix(entry) };
                    break;
                case "TELEMETRY":
                    options = options with { Telemetry = SettingReader.Bool(entry) };
                    break;
                case "RETRY":
                    options = options with { Retry = LayerSettings.Retry(entry) };
                    break;
                case "TIMEOUT":
                    options = options with { Timeout = LayerSettings.Timeout(entry) };
                    break;
                case "CONCURRENCYLIMIT":
                    options = options with { ConcurrencyLimit = LayerSettings.ConcurrencyLimit(entry) };
                    break;
                default:
                    settings[entry.Key] = entry.Value ?? throw SettingReader.Wrong(entry.Path, "this is a section, and a setting of a store is one value.");
                    break;
            }
        }
        return options with { Context = new StoreContext { Settings = settings, Time = time } };
    }

    private static StoreKey? ReadPrefix(IConfigurationSection entry)
    {
        if (string.IsNullOrEmpty(entry.Value))
            return null;
        try
        {
            return StoreKey.Parse(entry.Value.TrimEnd('/'));
        }
        catch (StoreException e)
        {
            throw SettingReader.Wrong(entry.Path, e.Message);
        }
    }
}
