namespace Coffer.Bench.Stores;

/// <summary>A place as rclone names it.</summary>
/// <param name="Settings">The lines of its section in rclone's configuration file.</param>
/// <param name="Path">The path behind the remote's name.</param>
internal sealed record RcloneRemote(IReadOnlyList<string> Settings, string Path)
{
    /// <summary>Flags that make it faster and leave nothing out that Coffer does.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    public static RcloneRemote Local(StoreUrl url) => new(["type = local"], url.Path);

    public static RcloneRemote S3(StoreUrl url) => new(
    [
        "type = s3", "provider = Other", "env_auth = true", "force_path_style = true",
        $"endpoint = {url.Options["endpoint"]}", $"region = {url.Options["region"]}",
    ], url.Host + url.Path)
    { Flags = ["--s3-no-check-bucket", "--s3-no-head", "--s3-chunk-size", "16Mi", "--s3-upload-concurrency", "8"] };

    public static RcloneRemote Sftp(StoreUrl url) => new(
    [
        "type = sftp", $"host = {url.Host}", $"port = {url.Port ?? 22}", $"user = {url.User}",
        $"key_file = {url.Options["identityFile"]}", $"known_hosts_file = {url.Options["knownHosts"]}", "shell_type = none",
    ], url.Path)
    { Flags = ["--sftp-set-modtime=false"] };

    public static RcloneRemote Azure(StoreUrl url)
    {
        var parts = Required("AZURE_STORAGE_CONNECTION_STRING").Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        // rclone adds the account to the endpoint of an emulator by itself.
        var endpoint = parts["BlobEndpoint"].TrimEnd('/');
        return new(
            ["type = azureblob", "use_emulator = true", $"account = {parts["AccountName"]}", $"key = {parts["AccountKey"]}", $"endpoint = {endpoint}"], url.Path.TrimStart('/'));
    }

    /// <summary>The same place with rclone's <c>crypt</c> over it.</summary>
    /// <param name="obscuredPassword">The password, as <c>rclone obscure</c> writes it.</param>
    public RcloneRemote Crypt(string obscuredPassword) =>
        new(["type = crypt", $"remote = below:{Path}", $"password = {obscuredPassword}", "[below]", .. Settings], "") { Flags = Flags };

    private static string Required(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set; tests/servers/up.sh sets it.");
}
