using System.Text.Json;
using Coffer.Cli.Invocation;
using Coffer.Cli.Output;

namespace Coffer.Cli.Home;

/// <summary>The form of <c>stores.json</c>. A value is a text, a number, <c>true</c> or <c>false</c>; what is anything else is refused, because somebody meant something by it.</summary>
internal static class StoreSettingsFile
{
    private const string Form = """{ "sftp://me@nas/vaults": { "password": "...", "connections": 4 } }""";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The settings of each store, by name without case.</summary>
    /// <exception cref="ToolException">It is no such object. The message shows no value, and no name but those of settings: a password may stand anywhere else.</exception>
    public static Dictionary<string, Dictionary<string, string>> Parse(string path, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ToolException($"{path} is not as it must be. It is JSON of this form: {Form}");
            var stores = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
            foreach (var store in document.RootElement.EnumerateObject())
                stores.Add(NameOf(path, store, stores.Count + 1), SettingsOf(path, store, stores.Count + 1));
            return stores;
        }
        catch (JsonException e)
        {
            // The parser's own message may quote what it met.
            var line = e.LineNumber is { } number ? $", at line {number + 1}" : ": a name stands twice in it";
            throw new ToolException($"{path} is not as it must be{line}. It is JSON of this form: {Form}");
        }
    }

    // Settings that could never count are a mistake, and who made it would look for it elsewhere.
    private static string NameOf(string path, JsonProperty store, int number) => !store.Name.Contains('?', StringComparison.Ordinal) && StoreUrl.TryParse(store.Name, out _)
        ? store.Name
        : throw new ToolException($"In {path}, name {number} is not the URL of a store without its query, such as file:///srv/coffer or sftp://me@nas/vaults. Options and passwords are settings below it.");

    private static Dictionary<string, string> SettingsOf(string path, JsonProperty store, int number)
    {
        if (store.Value.ValueKind != JsonValueKind.Object)
            throw new ToolException($"In {path}, the value of name {number} is no object of settings. The file is JSON of this form: {Form}");
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in store.Value.EnumerateObject())
        {
            if (!settings.TryAdd(setting.Name, ValueOf(path, store, setting)))
                throw Refused(path, store, setting, "stands there twice. The case of letters makes no other name of it");
        }
        return settings;
    }

    private static string ValueOf(string path, JsonProperty store, JsonProperty setting) => setting.Value.ValueKind switch
    {
        JsonValueKind.String => setting.Value.GetString()!,
        JsonValueKind.Number => setting.Value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => throw Refused(path, store, setting, "is null. Give it a value, or take it out"),
        _ => throw Refused(path, store, setting, "is a list or an object. It has one value: a text, a number, true or false"),
    };

    private static ToolException Refused(string path, JsonProperty store, JsonProperty setting, string why) =>
        new($"In {path}, the setting '{VisibleText.Of(setting.Name)}' of \"{VisibleText.Of(store.Name)}\" {why}.");
}
