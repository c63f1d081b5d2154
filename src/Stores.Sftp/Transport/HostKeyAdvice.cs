namespace Coffer.Stores.Sftp;

/// <summary>What to do about a host key that is not accepted. Which keys are, the options say, else the user's own files.</summary>
internal static class HostKeyAdvice
{
    private const string Pin = "its fingerprint as the option 'hostKey'";

    /// <summary>For a key that is not known.</summary>
    public static string Unknown(SftpStoreOptions options) => options switch
    {
        { HostKey: not null } =>
            "The server's host key is not the one that the option 'hostKey' names. Compare its fingerprint with what the server's owner says, and correct the option if it is the right server",
        { KnownHosts: { } file } when !File.Exists(Expanded(file)) =>
            $"The server's host key is not known, because there is no file '{OneLine.Of(file)}', which the option 'knownHosts' names. Correct the option or make the file with the server's key in it, or give {Pin}",
        { KnownHosts: { } file } =>
            $"The server's host key is not known: it is not in the file '{OneLine.Of(file)}', which the option 'knownHosts' names. Compare it with what the server's owner says, then put it there ({Scan(options)} prints its line), or give {Pin} instead",
        _ => $"The server's host key is not known. Log in once with '{Login(options)}', compare the fingerprint that it shows with what the server's owner says, and then say yes, which puts the key into ~/.ssh/known_hosts; "
            + $"or give {Pin}, or a file with the key as the option 'knownHosts'",
    };

    /// <summary>For another key than the one that is known.</summary>
    public static string Changed(SftpStoreOptions options) =>
        "The server shows another host key than the one that is known. Somebody may be between you and it, or it has a new key. Ask its owner, and compare the fingerprint. "
        + $"If it is right, take the old key out of {(options.KnownHosts is { } file ? $"the file '{OneLine.Of(file)}'" : "~/.ssh/known_hosts")} (ssh-keygen -R), and put the new one in, or give {Pin}";

    private static string Login(SftpStoreOptions options) => $"ssh {(options.Port is { } port ? $"-p {port} " : "")}{(options.User is { } user ? user + "@" : "")}{options.Host}";

    private static string Scan(SftpStoreOptions options) => $"ssh-keyscan {(options.Port is { } port ? $"-p {port} " : "")}{options.Host}";

    /// <summary>As ssh reads it: a tilde is the user's home.</summary>
    private static string Expanded(string file) =>
        file.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), file[2..]) : file;
}
