using System.Diagnostics;
using System.Text;

namespace Coffer.Stores.Sftp;

/// <summary>
/// Hands a password and a passphrase to ssh, which takes them from a program that it runs (SSH_ASKPASS in ssh(1)). The program is a script that shows a file; both
/// lie in a folder of this user alone, and are removed as soon as the connection stands or failed. So no secret is on a command line or in an environment, where other
/// programs can see it.
/// </summary>
internal sealed class SshAskpass : IDisposable
{
    private const string ScriptText = """
        #!/bin/sh
        case $1 in
        'Enter passphrase for '*) exec cat "${0%/*}/passphrase" ;;
        *assword*) exec cat "${0%/*}/password" ;;
        esac
        exit 1

        """;

    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;

    private SshAskpass(string folder) => _folder = folder;

    /// <summary>The helper for a connection; null when there is no secret.</summary>
    public static SshAskpass? For(SftpStoreOptions options)
    {
        if ((options.Password ?? options.Passphrase) is null)
            return null;
        var helper = new SshAskpass(Directory.CreateTempSubdirectory("coffer-askpass-").FullName);
        try
        {
            helper.Write("ask", ScriptText, Mine | UnixFileMode.UserExecute);
            if (options.Passphrase is { } passphrase)
                helper.Write("passphrase", passphrase + "\n", Mine);
            if (options.Password is { } password)
                helper.Write("password", password + "\n", Mine);
            return helper;
        }
        catch
        {
            helper.Dispose();
            throw;
        }
    }

    /// <summary>Tells ssh of it.</summary>
    public void Apply(ProcessStartInfo start)
    {
        start.Environment["SSH_ASKPASS"] = Path.Combine(_folder, "ask");
        start.Environment["SSH_ASKPASS_REQUIRE"] = "force";
    }

    /// <summary>Removes it.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It was removed before.
        }
    }

    private void Write(string name, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using var file = new FileStream(Path.Combine(_folder, name), options);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
