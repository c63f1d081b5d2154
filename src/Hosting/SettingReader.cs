using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Coffer.Hosting;

/// <summary>Reads single values of the configuration, with errors that name the setting.</summary>
internal static class SettingReader
{
    public static bool Bool(IConfigurationSection entry) =>
        bool.TryParse(entry.Value, out var value) ? value : throw Wrong(entry.Path, $"this is true or false, not '{entry.Value}'.");

    public static int Int(IConfigurationSection entry) =>
        int.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(entry.Path, $"this is a whole number, not '{entry.Value}'.");

    public static TimeSpan Time(IConfigurationSection entry) =>
        TimeSpan.TryParseExact(entry.Value, "c", CultureInfo.InvariantCulture, out var value) && entry.Value!.Contains(':', StringComparison.Ordinal)
            ? value
            : throw Wrong(entry.Path, $"this is a time such as 00:00:30, not '{entry.Value}'.");

    public static OptionsValidationException Wrong(string path, string what) => new(path, typeof(StoreSetting), [$"{path}: {what}"]);
}
