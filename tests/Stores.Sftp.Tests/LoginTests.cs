using System.Net;
using System.Net.Sockets;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>Everything that can keep one from getting in, on a real server: each has its kind, what to do, and what ssh said.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private TestSshd _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestSshd.StartAsync("PasswordAuthentication yes");

    private static async Task WorksAsync(SftpStoreOptions options)
    {
        await using var store = new SftpStore(options);
        await store.PutTextAsync(StoreKey.Parse("a"), "x", cancellationToken: Token);
        Assert.Equal("x", await store.ReadTextAsync(StoreKey.Parse("a"), Token));
        Assert.Equal(0, AskpassFolders());
    }

    private static async Task<StoreException> FailsAsync(SftpStoreOptions options, StoreErrorKind kind, params string[] named)
    {
        await using var store = new SftpStore(options);
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.StatAsync(StoreKey.Parse("a"), Token));
        foreach (var text in named)
            Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal((kind, StoreOperation.Stat, "a", store.Name), (error.Kind, error.Operation, error.Key, error.StoreName));
        Assert.Equal(0, AskpassFolders());
        return error;
    }

    /// <summary>What hands over secrets is gone once it is not needed any more. The tests of this class, which alone use it, run one after the other.</summary>
    private static int AskpassFolders() => Directory.GetDirectories(Path.GetTempPath(), "coffer-askpass-*").Length;

    [Fact]
    public Task A_key_and_a_known_host_get_in() => WorksAsync(_server.Options);

    [Fact]
    public async Task The_right_pinned_host_key_gets_in() => await WorksAsync(_server.Options with { KnownHosts = null, HostKey = await _server.FingerprintAsync() });

    [Fact]
    public async Task Another_pinned_host_key_does_not()
    {
        await _server.MakeKeyAsync("other");
        var pin = (await TestSshd.RunAsync("ssh-keygen", "-l", "-f", _server.In("other.pub"))).Split(' ')[1];
        Assert.False((await FailsAsync(_server.Options with { KnownHosts = null, HostKey = pin }, StoreErrorKind.Unauthenticated, "is not the one that the option 'hostKey' names", "Host key verification failed")).IsTransient);
    }

    [Fact]
    public async Task An_unknown_host_key_is_refused()
    {
        await File.WriteAllTextAsync(_server.KnownHosts, "", Token);
        Assert.False((await FailsAsync(_server.Options, StoreErrorKind.Unauthenticated, "not known", _server.KnownHosts, $"ssh-keyscan -p {_server.Port} ", "hostKey", "Host key verification failed")).IsTransient);
    }

    [Fact]
    public Task A_file_of_known_hosts_that_is_not_there_is_named() =>
        FailsAsync(_server.Options with { KnownHosts = _server.In("none") }, StoreErrorKind.Unauthenticated, $"no file '{_server.In("none")}'", "'knownHosts'");

    [Fact]
    public Task Without_options_an_unknown_host_key_is_told_with_the_command_that_makes_it_known() =>
        FailsAsync(_server.Options with { KnownHosts = null }, StoreErrorKind.Unauthenticated, $"'ssh -p {_server.Port} {_server.Options.User}@{_server.Options.Host}'", "~/.ssh/known_hosts", "hostKey");

    [Fact]
    public async Task A_changed_host_key_is_refused_and_said_to_be_one()
    {
        await _server.MakeKeyAsync("other");
        await File.WriteAllTextAsync(_server.KnownHosts, $"[127.0.0.1]:{_server.Port} {await File.ReadAllTextAsync(_server.In("other.pub"), Token)}", Token);
        await FailsAsync(_server.Options, StoreErrorKind.Unauthenticated, "another host key than the one that is known", "Host key verification failed");
    }

    [Fact]
    public async Task A_key_that_the_server_does_not_know_is_Unauthenticated()
    {
        await _server.MakeKeyAsync("other");
        Assert.False((await FailsAsync(_server.Options with { IdentityFile = _server.In("other") }, StoreErrorKind.Unauthenticated, "Permission denied (", "identityFile")).IsTransient);
    }

    [Fact]
    public Task A_key_file_that_is_not_there_is_named() =>
        FailsAsync(_server.Options with { IdentityFile = _server.In("none") }, StoreErrorKind.Unauthenticated, _server.In("none"), "not accessible");

    [Fact]
    public async Task A_key_file_that_others_can_read_is_named_with_what_to_do()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_server.UserKey, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await FailsAsync(_server.Options, StoreErrorKind.Unauthenticated, "chmod 600", _server.UserKey);
    }

    [Fact]
    public async Task A_passphrase_opens_its_key_and_another_one_does_not()
    {
        await _server.MakeKeyAsync("locked", "the right one's $HOME 'quote");
        File.AppendAllText(_server.In("authorized_keys"), await File.ReadAllTextAsync(_server.In("locked.pub"), Token));
        var options = _server.Options with { IdentityFile = _server.In("locked") };

        await WorksAsync(options with { Passphrase = "the right one's $HOME 'quote" });
        var error = await FailsAsync(options with { Passphrase = "the wrong one" }, StoreErrorKind.Unauthenticated, "passphrase");
        Assert.DoesNotContain("the wrong one", error.ToString(), StringComparison.Ordinal);
        await FailsAsync(options, StoreErrorKind.Unauthenticated, "Permission denied (");
    }

    [Fact]
    public async Task Secrets_are_on_no_command_line_and_in_no_environment()
    {
        const string Secret = "a-passphrase-that-nobody-else-has";
        await _server.MakeKeyAsync("locked", Secret);
        await File.AppendAllTextAsync(_server.In("authorized_keys"), await File.ReadAllTextAsync(_server.In("locked.pub"), Token), Token);
        await using var store = new SftpStore(_server.Options with { IdentityFile = _server.In("locked"), Passphrase = Secret, Connections = 1 });
        await store.PutTextAsync(StoreKey.Parse("a"), "x", cancellationToken: Token);

        var ssh = Assert.Single(_server.Clients());
        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync($"/proc/{ssh}/cmdline", Token), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync($"/proc/{ssh}/environ", Token), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, store.ToString() + new SftpStoreOptions { Host = "h", Root = "/", Passphrase = Secret, Password = Secret }, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_Unauthenticated_and_does_not_appear()
    {
        var error = await FailsAsync(_server.Options with { IdentityFile = null, Password = "the wrong one" }, StoreErrorKind.Unauthenticated, "Permission denied (");
        Assert.DoesNotContain("the wrong one", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>With an account that is made for this test, which needs root.</summary>
    [Fact]
    public async Task The_right_password_gets_in()
    {
        var (user, password) = ("coffer-" + Guid.NewGuid().ToString("n")[..8], "p " + Guid.NewGuid().ToString("n"));
        var hash = (await TestSshd.RunAsync("openssl", "passwd", "-6", password)).Trim();
        await TestSshd.RunAsync("useradd", "--no-create-home", "--no-user-group", "--shell", "/bin/sh", "--password", hash, user);
        try
        {
            await WorksAsync(_server.Options with { User = user, IdentityFile = null, Password = password });
        }
        finally
        {
            await TestSshd.RunAsync("userdel", "--force", user);
        }
    }

    [Fact]
    public async Task Nobody_listening_is_Unavailable_and_may_pass()
    {
        Assert.True((await FailsAsync(_server.Options with { Port = TestSshd.FreePort() }, StoreErrorKind.Unavailable, "Connection refused")).IsTransient);
    }

    [Fact]
    public Task A_host_that_has_no_address_is_Unavailable() =>
        FailsAsync(_server.Options with { Host = "no-such-host.invalid" }, StoreErrorKind.Unavailable, "Could not resolve hostname no-such-host.invalid");

    [Fact]
    public async Task A_server_that_is_none_is_Unavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var hanging = listener.AcceptTcpClientAsync(Token);
        var options = _server.Options with { Port = ((IPEndPoint)listener.LocalEndpoint).Port, ConnectTimeout = TimeSpan.FromSeconds(1) };

        Assert.True((await FailsAsync(options, StoreErrorKind.Unavailable, "timed out")).IsTransient);

        (await hanging).Dispose();
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        await FailsAsync(_server.Options with { Program = "/no/such/ssh" }, StoreErrorKind.Unsupported, "/no/such/ssh", "openssh-client");
    }

    [Fact]
    public async Task An_option_that_ssh_does_not_know_is_named()
    {
        await FailsAsync(_server.Options with { SshOptions = ["NoSuchOption=yes"] }, StoreErrorKind.Unsupported, "nosuchoption");
    }

    [Fact]
    public async Task A_method_that_the_server_does_not_have_is_named()
    {
        await FailsAsync(_server.Options with { SshOptions = ["KexAlgorithms=diffie-hellman-group1-sha1"] }, StoreErrorKind.Unsupported, "Unable to negotiate");
    }

    [Fact]
    public async Task A_server_without_SFTP_says_so()
    {
        await using var other = await TestSshd.StartAsync("Subsystem other /bin/true\nForceCommand /bin/false", "/no/such/program");
        await FailsAsync(other.Options, StoreErrorKind.Unavailable, "exit code");
    }

    [Fact]
    public async Task A_login_script_that_prints_is_shown()
    {
        await using var other = await TestSshd.StartAsync(sftpServer: "/bin/echo Welcome to this server");
        Assert.False((await FailsAsync(other.Options, StoreErrorKind.Unsupported, "Welcome to this server", "login script")).IsTransient);
    }

    [Fact]
    public async Task A_root_that_is_missing_is_NotFound_unless_it_may_be_made()
    {
        var missing = _server.Options with { Root = _server.Root + "/not/yet" };
        var error = await FailsAsync(missing, StoreErrorKind.NotFound, missing.Root, "create=true");
        Assert.False(error.IsTransient);
        Assert.False(Directory.Exists(missing.Root));
        await WorksAsync(missing with { Create = true });
        Assert.True(File.Exists(missing.Root + "/a"));
    }

    [Fact]
    public async Task A_path_may_begin_at_the_home_folder()
    {
        // OpenSSH's server starts where -d says, as it would start in the home folder.
        await using var other = await TestSshd.StartAsync(sftpServer: $"/usr/lib/openssh/sftp-server -d {_server.Root}");
        await WorksAsync(other.Options with { Root = "in/home", Create = true });
        Assert.True(File.Exists(_server.Root + "/in/home/a"));
        await WorksAsync(other.Options with { Root = "." });
        Assert.True(File.Exists(_server.Root + "/a"));
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
