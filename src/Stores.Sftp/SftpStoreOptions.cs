using System.Text.RegularExpressions;

namespace Coffer.Stores.Sftp;

/// <summary>Where an SFTP store is, and how to get there. What is not said here comes from the user's own configuration of OpenSSH.</summary>
public sealed partial record SftpStoreOptions
{
    /// <summary>The host's name or address, or a <c>Host</c> of <c>~/.ssh/config</c>.</summary>
    public required string Host { get; init; }

    /// <summary>The folder that holds the objects: an absolute path, or one that is relative to the user's home folder.</summary>
    public required string Root { get; init; }

    /// <summary>The user; null for the one that OpenSSH would take.</summary>
    public string? User { get; init; }

    /// <summary>The port; null for the one that OpenSSH would take.</summary>
    public int? Port { get; init; }

    /// <summary>The file of the private key to log in with, and no other; null for the keys of the agent and the configuration.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>The file with the host keys that are known; null for the user's and the system's.</summary>
    public string? KnownHosts { get; init; }

    /// <summary>The fingerprint of the only host key to accept, as <c>ssh-keygen -l</c> shows it: <c>SHA256:...</c>. Null to look into the known hosts.</summary>
    public string? HostKey { get; init; }

    /// <summary>More options of ssh, each <c>Name=value</c> as in ssh_config(5). They come before everything else.</summary>
    public IReadOnlyList<string> SshOptions { get; init; } = [];

    /// <summary>The password; null for none. A secret.</summary>
    public string? Password { get; init; }

    /// <summary>The passphrase of the private key; null for none. A secret.</summary>
    public string? Passphrase { get; init; }

    /// <summary>The most connections at a time, 1 to 16, by default 2. They are opened when they are needed.</summary>
    public int Connections { get; init; } = 2;

    /// <summary>How long a connection may take until the server's SFTP answers. 1 second to 10 minutes, by default 30 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing may move on a connection while a request waits for its answer. 10 milliseconds to 1 day, by default 30 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a put waits until the server's disk has the object and its name.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>Whether the root is made, with its parents, when it is missing.</summary>
    public bool Create { get; init; }

    /// <summary>The OpenSSH client: a name to be looked for, or a path.</summary>
    public string Program { get; init; } = "ssh";

    /// <summary>The name of the store; null to put one together.</summary>
    public string? Name { get; init; }

    /// <summary>The options that a URL and the settings beside it name.</summary>
    /// <exception cref="StoreException">The URL names no host, or an option that does not exist or has no valid value (<see cref="StoreErrorKind.Unsupported"/>).</exception>
    public static SftpStoreOptions From(StoreUrl url, StoreContext context)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(context);
        var options = new StoreOptionReader(url, context, "An SFTP store");
        var from = new SftpStoreOptions
        {
            Host = HostOf(url, options),
            Root = RootOf(url, options),
            User = url.User is { Length: > 0 } user ? user : null,
            Port = url.Port,
            IdentityFile = options.Text("identityFile"),
            KnownHosts = options.Text("knownHosts"),
            HostKey = options.Text("hostKey"),
            SshOptions = SshOptionsOf(url, context, options),
            Password = options.Secret("password"),
            Passphrase = options.Secret("passphrase"),
            Connections = (int)(options.Number("connections", 1, 16) ?? 2),
            ConnectTimeout = TimeSpan.FromSeconds(options.Number("connectTimeout", 1, 600) ?? 30),
            RequestTimeout = TimeSpan.FromSeconds(options.Number("requestTimeout", 1, 86_400) ?? 30),
            Fsync = options.Bool("fsync", otherwise: true),
            Create = options.Bool("create", otherwise: false),
            Program = ProgramOf(url, context, options),
            Name = url.ToString(),
        };
        options.Finish();
        return from.Fault() is var (fault, option) ? throw options.Refused(fault, option) : from;
    }

    /// <summary>What is wrong with the options, in words for a person; null when nothing is.</summary>
    internal (string Text, string? Option)? Fault()
    {
        if (Host.Length == 0 || Host.StartsWith('-') || Host.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || "'`\"$\\;&<>|(){},@".Contains(c, StringComparison.Ordinal)))
            return ($"'{OneLine.Of(Host)}' is no name of a host", null);
        if (User is { } user && (user.StartsWith('-') || user.Any(static c => char.IsControl(c) || "'`\";&<>|(){}".Contains(c, StringComparison.Ordinal))))
            return ($"'{OneLine.Of(user)}' is no name of a user", null);
        if (Root.Length == 0 || Root.Contains('\0', StringComparison.Ordinal))
            return ("The path is empty, or has a NUL character, which no file system takes", null);
        foreach (var (path, option) in (ReadOnlySpan<(string?, string)>)[(IdentityFile, "identityFile"), (KnownHosts, "knownHosts")])
        {
            if (path is not null && path.Any(static c => char.IsControl(c) || c == '"'))
                return ($"OpenSSH cannot take the path '{OneLine.Of(path)}': it has a quote or a control character", option);
        }
        if (HostKey is not null && !Fingerprint().IsMatch(HostKey))
            return ($"The option 'hostKey' is a fingerprint as 'ssh-keygen -l' shows it, SHA256: and 43 characters, not '{OneLine.Of(HostKey)}'", "hostKey");
        if (HostKey is not null && KnownHosts is not null)
            return ("The options 'hostKey' and 'knownHosts' each say which host keys are good. Give one of them", "hostKey");
        if (SshOptions.FirstOrDefault(static option => !SshOption().IsMatch(option)) is { } odd)
            return ($"The option 'sshOptions' holds Name=value, separated by semicolons, and '{OneLine.Of(odd)}' is not so", "sshOptions");
        return (Password ?? Passphrase) is not null && OperatingSystem.IsWindows()
            ? ("On Windows a password or passphrase cannot be handed to OpenSSH. Use a key, and the agent for one that has a passphrase", Password is null ? "passphrase" : "password")
            : Connections is < 1 or > 16 ? ($"There are 1 to 16 connections, not {Connections}", "connections") : null;
    }

    private static string HostOf(StoreUrl url, StoreOptionReader options) => url.Host.Length > 0 ? url.Host.Trim('[', ']')
        : throw options.Refused("The URL of an SFTP store names a host: sftp://user@host/path");

    /// <summary>
    /// The path is absolute on the server; <c>/~</c> stands for the home folder, as in the URLs of git and curl. Without a path, some programs mean the home folder and others the root, and
    /// nobody means to fill the latter: so it has to be said.
    /// </summary>
    private static string RootOf(StoreUrl url, StoreOptionReader options) => url.Path switch
    {
        "" => throw options.Refused("The URL names no folder on the server. Write sftp://host/srv/coffer for a folder from the root on, sftp://host/~/coffer for one in the user's home, "
            + "or sftp://host/. for the root itself"),
        "/~" => ".",
        ['/', '~', '/', .. var rest] => rest,
        ['/', '~', ..] => throw options.Refused("Only one's own home folder has a short form: sftp://user@host/~/path"),
        var path => path,
    };

    /// <summary>A URL may come from somebody else, and many options of ssh run programs or open doors. From there only those are taken that do neither.</summary>
    private static string[] SshOptionsOf(StoreUrl url, StoreContext context, StoreOptionReader options)
    {
        var all = (options.Text("sshOptions") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (IsFromUrl("sshOptions", url, context)
            && all.FirstOrDefault(static option => !HarmlessSshOptions.Contains(option.Split('=')[0], StringComparer.OrdinalIgnoreCase)) is { } other)
        {
            throw options.Refused($"A URL cannot say '{OneLine.Of(other)}', because a URL may come from somebody else. Put it into ~/.ssh/config, or into a setting beside the URL. In the URL may stand: {string.Join(", ", HarmlessSshOptions)}", "sshOptions");
        }
        return all;
    }

    private static readonly string[] HarmlessSshOptions =
    [
        "AddressFamily", "Ciphers", "Compression", "HostKeyAlgorithms", "HostKeyAlias", "IPQoS", "KexAlgorithms", "MACs", "PreferredAuthentications", "PubkeyAcceptedAlgorithms",
        "RekeyLimit", "ServerAliveCountMax", "ServerAliveInterval", "TCPKeepAlive",
    ];

    private static string ProgramOf(StoreUrl url, StoreContext context, StoreOptionReader options)
    {
        var program = options.Text("ssh");
        return program is not null && IsFromUrl("ssh", url, context)
            ? throw options.Refused("A URL cannot say which program is run ('ssh'), because a URL may come from somebody else. Give it as a setting beside the URL", "ssh")
            : program ?? "ssh";
    }

    private static bool IsFromUrl(string name, StoreUrl url, StoreContext context) =>
        url.Options.ContainsKey(name) && !context.Settings.Keys.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The store's name: nothing secret.</summary>
    public override string ToString() => Name ?? $"sftp://{(User is null ? "" : Uri.EscapeDataString(User) + "@")}{Host}{(Port is null ? "" : ":" + Port)}{PathOfName}";

    /// <summary>The user and the host, for messages.</summary>
    internal string ToTarget() => $"{(User is null ? "" : User + "@")}{Host}{(Port is null ? "" : ":" + Port)}";

    private string PathOfName => Root == "." ? "/~" : (Root.StartsWith('/') ? "" : "/~/") + string.Join('/', Root.Split('/').Select(Uri.EscapeDataString));

    [GeneratedRegex("^SHA256:[A-Za-z0-9+/]{43}$")]
    private static partial Regex Fingerprint();

    [GeneratedRegex(@"^[A-Za-z0-9]+=[^\r\n\0]+$")]
    private static partial Regex SshOption();
}
