using System.Text.Json;
using Coffer.Cli.Invocation;

namespace Coffer.Cli.Home;

/// <summary>
/// Settings of stores that are no business of a URL, such as passwords: <c>stores.json</c> in the home, an object whose names are URLs without their query, and
/// whose values are objects of settings. A URL has the settings of the longest name at which it is or below which it lies.
/// </summary>
internal sealed class StoreSettings
{
    private readonly Dictionary<string, Dictionary<string, string>> _stores;

    private StoreSettings(Dictionary<string, Dictionary<string, string>> stores) => _stores = stores;

    /// <summary>Reads the file; where there is none, no store has settings.</summary>
    /// <exception cref="ToolException">It cannot be read, is no such object, or others may read it. The message shows nothing of its content.</exception>
    public static async Task<StoreSettings> ReadAsync(CofferHome home, CancellationToken cancellationToken)
    {
        var path = home.StoreSettingsPath;
        if (!File.Exists(path))
            return new StoreSettings([]);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OfOthers) != UnixFileMode.None)
            throw new ToolException($"Others may read or write {path}, and it can hold passwords. Keep it for yourself: chmod 600 {path}");
        try
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            var stores = JsonSerializer.Deserialize(bytes, HomeJson.Default.DictionaryStringDictionaryStringString) ?? [];
            // Settings that could never count are a mistake, and who made it would look for it elsewhere. The name is not shown: a password may stand in it.
            var wrong = stores.Keys.ToList().FindIndex(name => name.Contains('?', StringComparison.Ordinal) || !StoreUrl.TryParse(name, out _));
            if (wrong >= 0)
                throw new ToolException($"In {path}, name {wrong + 1} is not the URL of a store without its query, such as file:///srv/coffer or sftp://me@nas/vaults. Options and passwords are settings below it.");
            return new StoreSettings(stores);
        }
        catch (JsonException e)
        {
            // The parser's own message may quote what it met.
            throw new ToolException($"{path} is not as it must be, at line {e.LineNumber + 1}. It is JSON of this form, with texts as values: "
                + """{ "sftp://me@nas/vaults": { "password": "..." } }""");
        }
    }

    /// <summary>The settings of a store.</summary>
    public IReadOnlyDictionary<string, string> Of(string url)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        var place = (query < 0 ? url : url[..query]).TrimEnd('/');
        var nearest = _stores.Keys.Where(name => IsAtOrBelow(place, name.TrimEnd('/'))).MaxBy(name => name.TrimEnd('/').Length);
        return new Dictionary<string, string>(nearest is null ? [] : _stores[nearest], StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsAtOrBelow(string place, string name) =>
        place.StartsWith(name, StringComparison.Ordinal) && (place.Length == name.Length || place[name.Length] == '/');

    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
}
