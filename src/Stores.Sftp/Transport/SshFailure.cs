namespace Coffer.Stores.Sftp;

/// <summary>Why ssh ended: it always exits with 255, so its words tell it.</summary>
internal static class SshFailure
{
    private const string LoginRemedy = "Check the user, the key (identityFile) and its passphrase, the password or the agent, and that the server knows them";
    private const string NetworkRemedy = "Check the host and the port, and that the server runs";

    /// <summary>What ssh says, what it means, and what to do. The first that is found counts, so what explains comes before what follows from it.</summary>
    private static readonly Sign[] Signs =
    [
        new("UNPROTECTED PRIVATE KEY FILE", StoreErrorKind.Unauthenticated, "Others can read the private key, so ssh does not use it: chmod 600", Also: "Permissions "),
        new("incorrect passphrase supplied", StoreErrorKind.Unauthenticated, "The passphrase of the private key is wrong. Correct the setting 'passphrase'"),
        new("ssh_askpass: exec", StoreErrorKind.Unsupported, "Scripts cannot be run from the temporary folder, which handing over a password needs. Let TMPDIR name another folder"),
        new("REMOTE HOST IDENTIFICATION HAS CHANGED", StoreErrorKind.Unauthenticated, HostKeyAdvice.Changed, Also: "Host key verification failed"),
        new("Host key verification failed", StoreErrorKind.Unauthenticated, HostKeyAdvice.Unknown, Also: "host key is known for"),
        new("Too many authentication failures", StoreErrorKind.Unauthenticated, "The server was shown more keys than it lets one try. Name the right one (identityFile)"),
        new("Permission denied (", StoreErrorKind.Unauthenticated, LoginRemedy, Also: "not accessible"),
        new("No more authentication methods", StoreErrorKind.Unauthenticated, LoginRemedy),
        new("subsystem request failed", StoreErrorKind.Unsupported, "The server has no SFTP for this account. Turn it on there ('Subsystem sftp' in sshd_config)"),
        new("Unable to negotiate", StoreErrorKind.Unsupported, "The server and this machine's OpenSSH have no method in common. Update the older one, or name a method that both have (sshOptions)"),
        new("Bad configuration option", StoreErrorKind.Unsupported, "OpenSSH does not know an option. Correct sshOptions or ~/.ssh/config; OpenSSH 8.5 or later is needed"),
        new("Bad owner or permissions on", StoreErrorKind.Unsupported, "Others can write OpenSSH's configuration, so it refuses it. Correct the file's permissions"),
        new("terminating, ", StoreErrorKind.Unsupported, "OpenSSH's configuration is wrong. Correct sshOptions or ~/.ssh/config"),
        new("command-line line 0", StoreErrorKind.Unsupported, "OpenSSH does not take an option. Correct sshOptions"),
        new("usage: ssh", StoreErrorKind.Unsupported, "This OpenSSH does not know an option that is needed; 8.5 or later is"),
        new("Name or service not known", StoreErrorKind.Unavailable, "There is no host of that name. Correct the URL", IsTransient: false),
        new("nodename nor servname provided", StoreErrorKind.Unavailable, "There is no host of that name. Correct the URL", IsTransient: false),
        new("Could not resolve hostname", StoreErrorKind.Unavailable, "The host's name could not be looked up. Check the name and the network"),
        new("Connection refused", StoreErrorKind.Unavailable, NetworkRemedy),
        new("not responding", StoreErrorKind.Unavailable, NetworkRemedy),
        new("timed out", StoreErrorKind.Unavailable, NetworkRemedy),
        new("No route to host", StoreErrorKind.Unavailable, NetworkRemedy),
        new("Network is unreachable", StoreErrorKind.Unavailable, NetworkRemedy),
        new("closed by", StoreErrorKind.Unavailable, "The server ended the connection. Its log says why"),
        new("Connection reset", StoreErrorKind.Unavailable, "The connection was broken off. Try again"),
        new("Broken pipe", StoreErrorKind.Unavailable, "The connection was broken off. Try again"),
        new("kex_exchange_identification", StoreErrorKind.Unavailable, "The server ended the connection before it began. It may have too many, or be no SSH server"),
    ];

    /// <summary>The error for an ssh that ended.</summary>
    /// <param name="options">Where it was to lead.</param>
    /// <param name="said">What it wrote to standard error, or the end of it.</param>
    /// <param name="exitCode">Its exit code; null when it had to be ended.</param>
    public static SftpConnectionException From(SftpStoreOptions options, string said, int? exitCode)
    {
        var target = options.ToTarget();
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var sign in Signs)
        {
            if (Array.FindLast(lines, line => line.Contains(sign.Text, StringComparison.Ordinal)) is not { } line)
                continue;
            if (sign.Also is { } also && Array.FindLast(lines, other => other.Contains(also, StringComparison.Ordinal)) is { } more && !ReferenceEquals(more, line))
                line = line.StartsWith('@') ? more : more + " " + line;
            // Who was let in nowhere has reached the server, and need not look at the network.
            var happened = sign.Kind == StoreErrorKind.Unavailable ? $"{target} was not reached or was lost" : $"There is no connection to {target}";
            return new SftpConnectionException(sign.Kind, $"{happened}. {sign.Meaning(options)}. ssh said: {OneLine.Of(line)}", sign.Kind == StoreErrorKind.Unavailable && sign.IsTransient);
        }
        var last = lines.Length > 0 ? $"ssh said: {OneLine.Of(lines[^1])}" : "ssh said nothing";
        return new SftpConnectionException(StoreErrorKind.Unavailable, $"The connection to {target} ended{(exitCode is { } code ? $" (exit code {code})" : "")}. {last}");
    }

    /// <param name="Text">What ssh says.</param>
    /// <param name="Kind">What it means.</param>
    /// <param name="Meaning">What it means in words, and what to do.</param>
    /// <param name="Also">Another line to show when it is there, which says more.</param>
    /// <param name="IsTransient">Whether trying again may help where the kind lets one.</param>
    private sealed record Sign(string Text, StoreErrorKind Kind, Func<SftpStoreOptions, string> Meaning, string? Also = null, bool IsTransient = true)
    {
        public Sign(string text, StoreErrorKind kind, string meaning, string? Also = null, bool IsTransient = true)
            : this(text, kind, _ => meaning, Also, IsTransient)
        {
        }
    }
}
