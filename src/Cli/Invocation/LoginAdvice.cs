using Coffer.Cli.Home;
using Coffer.Cli.Output;

namespace Coffer.Cli.Invocation;

/// <summary>Where this tool takes from what lets it into a store. The store's own message names the options, and cannot know where they stand.</summary>
internal static class LoginAdvice
{
    /// <param name="storeName">The store's name: its URL, with or without options.</param>
    /// <param name="home">The home.</param>
    public static string For(string? storeName, CofferHome home)
    {
        var place = (storeName ?? "").Split('?', ' ')[0];
        var (options, example) = place.Split(':')[0] switch
        {
            "sftp" => ("identityFile, knownHosts, hostKey, password or passphrase", "hostKey"),
            "s3" => ("profile, or accessKeyId and secretAccessKey", "profile"),
            "azblob" => ("connectionString, accountKey or sas", "connectionString"),
            _ => ("credentials", "..."),
        };
        return $"Options that hold on this machine only ({options}) stand in {home.StoreSettingsPath}, as {{ \"{VisibleText.Of(place)}\": {{ \"{example}\": \"...\" }} }}.";
    }
}
