using System.Globalization;

namespace Coffer.Stores.Sftp;

/// <summary>The command line of the OpenSSH client. It never holds a secret.</summary>
internal static class SshCommand
{
    /// <summary>
    /// The arguments. The first value of an option wins, so what the caller chose stands first, and what is left out is the user's own configuration.
    /// </summary>
    public static IReadOnlyList<string> Arguments(SftpStoreOptions options)
    {
        var arguments = new List<string>();
        foreach (var option in options.SshOptions)
            arguments.Add("-o" + option);
        // No terminal, no forwarding: the streams carry SFTP and nothing else.
        arguments.AddRange(["-x", "-a", "-T", "-oClearAllForwardings=yes", "-oPermitLocalCommand=no", "-oRemoteCommand=none"]);
        // A connection that somebody keeps open may be used, but none is left behind in the background.
        arguments.Add("-oControlMaster=no");
        // What goes wrong is told apart by what ssh says, whatever the user's configuration silences.
        arguments.Add("-oLogLevel=INFO");
        arguments.Add("-oStrictHostKeyChecking=yes");
        arguments.Add(string.Create(CultureInfo.InvariantCulture, $"-oConnectTimeout={Math.Ceiling(options.ConnectTimeout.TotalSeconds)}"));
        arguments.AddRange(["-oServerAliveInterval=15", "-oServerAliveCountMax=3"]);
        AddHostKeys(options, arguments);
        AddLogin(options, arguments);
        if (options.Port is { } port)
            arguments.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
        arguments.AddRange(["-s", "--", options.Host, "sftp"]);
        return arguments;
    }

    private static void AddHostKeys(SftpStoreOptions options, List<string> arguments)
    {
        var nothing = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        if (options.HostKey is { } fingerprint)
        {
            // ssh asks this command which keys it knows, and tells it the one that the server showed (ssh_config(5), KnownHostsCommand; OpenSSH 8.5 and later):
            // the key is known when its fingerprint is the one that was pinned. A connection that is shared was checked by other rules, so none is.
            arguments.AddRange(["-oUserKnownHostsFile=" + nothing, "-oGlobalKnownHostsFile=" + nothing, "-oCheckHostIP=no", "-oVerifyHostKeyDNS=no", "-oUpdateHostKeys=no", "-oControlPath=none",
                $"-oKnownHostsCommand=/bin/sh -c \"[ x$1 != x{fingerprint} ] || echo $2 $3 $4\" sh %f %H %t %K"]);
        }
        else if (options.KnownHosts is { } file)
        {
            arguments.AddRange([$"-oUserKnownHostsFile=\"{Escape(file)}\"", "-oGlobalKnownHostsFile=" + nothing, "-oUpdateHostKeys=no"]);
        }
    }

    private static void AddLogin(SftpStoreOptions options, List<string> arguments)
    {
        if (options.User is { } user)
            arguments.AddRange(["-l", user]);
        if (options.IdentityFile is { } file)
            arguments.AddRange(["-oIdentitiesOnly=yes", "-i", Escape(file)]);
        if ((options.Password ?? options.Passphrase) is null)
        {
            arguments.Add("-oBatchMode=yes");
            return;
        }
        arguments.AddRange(["-oBatchMode=no", "-oNumberOfPasswordPrompts=1"]);
        // Keys of an agent would be tried first, and a server ends a login after a few that it does not know.
        if (options.Password is not null && options.IdentityFile is null)
            arguments.Add("-oPreferredAuthentications=password,keyboard-interactive,publickey");
    }

    /// <summary>A percent sign begins a token there.</summary>
    private static string Escape(string path) => path.Replace("%", "%%", StringComparison.Ordinal);
}
