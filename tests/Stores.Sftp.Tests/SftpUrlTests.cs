namespace Coffer.Stores.Sftp.Tests;

/// <summary>A URL means what a URL means, and can do no harm.</summary>
public sealed class SftpUrlTests
{
    private static SftpStoreOptions Options(string url, params (string Name, string Value)[] settings) => SftpStoreOptions.From(StoreUrl.Parse(url), new StoreContext
    {
        Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.OrdinalIgnoreCase),
    });

    [Theory]
    [InlineData("sftp://host/.", "/."), InlineData("sftp://host/var/coffer", "/var/coffer"), InlineData("sftp://host/var/coffer/", "/var/coffer")]
    [InlineData("sftp://host/~", "."), InlineData("sftp://host/~/", "."), InlineData("sftp://host/~/team/files", "team/files"), InlineData("sftp://host/with%20space/%C3%A9", "/with space/é")]
    public void The_path_of_the_URL_is_the_root(string url, string root) => Assert.Equal(root, Options(url).Root);

    [Fact]
    public void Host_user_port_and_options_are_those_of_the_URL_and_settings_come_before_them()
    {
        var options = Options("sftp://me@nas:2222/x?identityFile=/k&knownHosts=/h&connections=3&connectTimeout=5&requestTimeout=7&fsync=false&create=true&sshOptions=Ciphers=^aes128-gcm@openssh.com;Compression=yes",
            ("IdentityFile", "/other"), ("Passphrase", "secret"));

        Assert.Equal(("nas", "me", 2222, "/other", "/h"), (options.Host, options.User, options.Port, options.IdentityFile, options.KnownHosts));
        Assert.Equal((3, 5, 7, false, true, "secret"), (options.Connections, options.ConnectTimeout.TotalSeconds, options.RequestTimeout.TotalSeconds, options.Fsync, options.Create, options.Passphrase));
        Assert.Equal(["Ciphers=^aes128-gcm@openssh.com", "Compression=yes"], options.SshOptions);
    }

    [Fact]
    public void An_address_of_IPv6_loses_its_brackets() => Assert.Equal(("::1", 22), (Options("sftp://[::1]:22/x").Host, Options("sftp://[::1]:22/x").Port));

    [Theory]
    [InlineData("sftp://h", "sftp://host/~/coffer"), InlineData("sftp://h:2222/", "sftp://host/~/coffer"), InlineData("sftp://h?create=true", "sftp://host/srv/coffer")]
    [InlineData("sftp:///x", "names a host"), InlineData("sftp://h/x?identity=k", "identity"), InlineData("sftp://h/x?connections=0", "connections"), InlineData("sftp://h/x?password=p", "password")]
    [InlineData("sftp://h/x?passphrase=p", "passphrase"), InlineData("sftp://h/~other/x", "home folder"), InlineData("sftp://h/x?hostKey=MD5:00", "SHA256:"), InlineData("sftp://h/x%00y", "NUL")]
    [InlineData("sftp://-oProxyCommand=evil/x", "no name of a host"), InlineData("sftp://$(evil)/x", "no name of a host"), InlineData("sftp://-l@h/x", "no name of a user")]
    [InlineData("sftp://h/x?ssh=/bin/evil", "which program is run"), InlineData("sftp://h/x?sshOptions=ProxyCommand=evil", "ProxyCommand=evil"), InlineData("sftp://h/x?sshOptions=StrictHostKeyChecking=no", "StrictHostKeyChecking")]
    [InlineData("sftp://h/x?sshOptions=Ciphers", "Name=value"), InlineData("sftp://h/x?identityFile=%22", "quote")]
    public void What_is_wrong_is_refused_by_name(string url, string named)
    {
        var error = Assert.Throws<StoreException>(() => Options(url));

        Assert.Equal((StoreErrorKind.Unsupported, StoreOperation.Open), (error.Kind, error.Operation));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_may_say_what_a_URL_may_not()
    {
        var options = Options("sftp://h/x", ("ssh", "/opt/ssh"), ("sshOptions", "ProxyJump=gate"));

        Assert.Equal(("/opt/ssh", "ProxyJump=gate"), (options.Program, options.SshOptions.Single()));
    }

    [Fact]
    public void The_command_line_is_strict_and_ends_with_the_host()
    {
        var arguments = SshCommand.Arguments(Options("sftp://me@nas:2222/x?identityFile=/a%25b&sshOptions=Compression=yes", ("Password", "p-secret"), ("Passphrase", "q-secret")));

        Assert.Equal("-oCompression=yes", arguments[0]);
        Assert.Equal(["-s", "--", "nas", "sftp"], arguments.TakeLast(4));
        Assert.Contains("-oStrictHostKeyChecking=yes", arguments);
        Assert.Contains("-oIdentitiesOnly=yes", arguments);
        Assert.Contains("/a%%b", arguments);
        Assert.Contains("-oBatchMode=no", arguments);
        Assert.DoesNotContain(arguments, static argument => argument.Contains("secret", StringComparison.Ordinal));
        Assert.Contains("-oBatchMode=yes", SshCommand.Arguments(Options("sftp://nas/x")));
    }
}
