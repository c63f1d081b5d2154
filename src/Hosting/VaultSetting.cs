using Coffer.Vaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Coffer.Hosting;

/// <summary>One vault of the configuration: which store, which vault on it, and who opens it. Read by hand, so that it works in trimmed programs too.</summary>
internal sealed class VaultSetting(IConfigurationSection section)
{
    private const string FileScheme = "file:";

    /// <summary>The name under which the vault is a service.</summary>
    public string Name => section.Key;

    /// <summary>The setting's place in the configuration, for messages.</summary>
    public string Path => section.Path;

    /// <summary>Reads and checks all settings, without I/O.</summary>
    /// <exception cref="OptionsValidationException">Settings are missing, unknown or wrong; the messages name each.</exception>
    public VaultSettingValues Read(IReadOnlySet<string> stores)
    {
        var values = new VaultSettingValues();
        foreach (var entry in section.GetChildren())
        {
            values = entry.Key.ToUpperInvariant() switch
            {
                "STORE" => values with { Store = Text(entry) },
                "CREATOR" => values with { Creator = Parse(entry, PublicId.Parse) },
                "PIN" => values with { Pin = Parse(entry, Invitation.Parse) },
                "REALM" => values with { Realm = Text(entry) },
                "IDENTITY" => values with { Identity = IdentityPath(entry) },
                "PASSPHRASE" => values with { Passphrase = Text(entry) },
                "INDEX" => values with { Index = Expanded(Text(entry)) },
                "SYNCCOOLDOWN" => values with { SyncCooldown = SettingReader.Time(entry) },
                "HOUSEKEEPING" => values with { Housekeeping = HousekeepingSetting.Read(entry) },
                _ => throw SettingReader.Wrong(entry.Path, "no setting of a vault has this name. There are Store, Creator, Pin, Realm, Identity, Passphrase, Index, SyncCooldown and Housekeeping."),
            };
        }
        if (values.Store is not { } store)
            throw Missing("Store", "the name of one of Coffer:Stores");
        if (!stores.Contains(store))
            throw SettingReader.Wrong(section.Path + ":Store", $"there is no store '{store}' below Coffer:Stores.");
        if (values.Identity is null && values.Passphrase is not null)
            throw Missing("Identity", "where the identity is that the Passphrase is for, such as file:~/.config/coffer/alice.id");
        if (values.Identity is null && (values.Pin?.Realm ?? values.Realm) != Vault.PublicRealm)
            throw Missing("Identity", $"where the identity is, such as file:~/.config/coffer/alice.id. Only a vault in the realm '{Vault.PublicRealm}' can be read without one");
        if (values.Index is null)
            throw Missing("Index", "where this host keeps its index, such as data/team.db");
        if (values.Creator is null && values.Pin is null)
            throw Missing("Creator", "the public id of who created the vault; or give Pin, an invitation");
        return values;
    }

    private OptionsValidationException Missing(string name, string what) => SettingReader.Wrong($"{section.Path}:{name}", $"this is missing: {what}.");

    private static string Text(IConfigurationSection entry) =>
        string.IsNullOrWhiteSpace(entry.Value) ? throw SettingReader.Wrong(entry.Path, "this is empty.") : entry.Value;

    private static T Parse<T>(IConfigurationSection entry, Func<string, T> parse)
    {
        try
        {
            return parse(Text(entry));
        }
        catch (FormatException fault)
        {
            throw SettingReader.Wrong(entry.Path, fault.Message);
        }
    }

    private static string IdentityPath(IConfigurationSection entry)
    {
        var text = Text(entry);
        if (!text.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase))
            throw SettingReader.Wrong(entry.Path, "an identity is named by where it is, such as file:~/.config/coffer/alice.id. The identity itself does not belong into a configuration.");
        return Expanded(text[FileScheme.Length..]);
    }

    private static string Expanded(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? System.IO.Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;
}

/// <summary>The settings of a vault, read.</summary>
internal sealed record VaultSettingValues
{
    public string? Store { get; init; }

    public PublicId? Creator { get; init; }

    public Invitation? Pin { get; init; }

    public string Realm { get; init; } = "users";

    /// <summary>Where the identity is; null to read a public vault without one.</summary>
    public string? Identity { get; init; }

    public string? Passphrase { get; init; }

    public string? Index { get; init; }

    public TimeSpan SyncCooldown { get; init; } = TimeSpan.FromSeconds(10);

    public HousekeepingValues Housekeeping { get; init; } = new();

    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"vault on {Store}";
}
