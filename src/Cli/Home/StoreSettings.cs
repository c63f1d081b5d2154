using Coffer.Cli.Invocation;

namespace Coffer.Cli.Home;

/// <summary>
/// Settings of stores that are no business of a URL, such as passwords: <c>stores.json</c> in the home, an object whose names are URLs without their query, and
/// whose values are objects of settings. A URL has the settings of the longest name at which it is or below which it lies.
/// </summary>
internal sealed class StoreSettings
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    private readonly string _path;
    private readonly Dictionary<string, Dictionary<string, string>> _stores;

    private StoreSettings(string path, Dictionary<string, Dictionary<string, string>> stores) => (_path, _stores) = (path, stores);

    /// <summary>Reads the file; where there is none, no store has settings.</summary>
    /// <exception cref="ToolException">It cannot be read, is no such object, or others may read it. The message shows nothing of its content but names of settings.</exception>
    public static async Task<StoreSettings> ReadAsync(CofferHome home, CancellationToken cancellationToken)
    {
        var path = home.StoreSettingsPath;
        if (!File.Exists(path))
            return new StoreSettings(path, []);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OfOthers) != UnixFileMode.None)
            throw new ToolException($"Others may read or write {path}, and it can hold passwords. Keep it for yourself: chmod 600 {path}");
        return new StoreSettings(path, StoreSettingsFile.Parse(path, await File.ReadAllBytesAsync(path, cancellationToken)));
    }

    /// <summary>The settings of a store, by name without case.</summary>
    public IReadOnlyDictionary<string, string> Of(string url) => NearestTo(url) is { } nearest ? _stores[nearest] : None;

    /// <summary>Where a setting of a store stands, in words; null when it has none of this name.</summary>
    public string? PlaceOf(string url, string setting) => NearestTo(url) is { } nearest && _stores[nearest].ContainsKey(setting) ? $"the setting '{setting}' of \"{nearest}\" in {_path}" : null;

    private string? NearestTo(string url)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        var place = (query < 0 ? url : url[..query]).TrimEnd('/');
        return _stores.Keys.Where(name => IsAtOrBelow(place, name.TrimEnd('/'))).MaxBy(name => name.TrimEnd('/').Length);
    }

    private static bool IsAtOrBelow(string place, string name) =>
        place.StartsWith(name, StringComparison.Ordinal) && (place.Length == name.Length || place[name.Length] == '/');

    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
}
