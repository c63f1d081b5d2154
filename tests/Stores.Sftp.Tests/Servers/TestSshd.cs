using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Coffer.Stores.Sftp.Tests;

/// <summary>An sshd of a test's own on loopback, with keys of its own and an empty folder, that can be killed and started again.</summary>
internal sealed class TestSshd : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-sshd-").FullName;
    private readonly string _extra;
    private readonly string _sftpServer;
    private Process? _process;

    private TestSshd(string extra, string sftpServer) => (_extra, _sftpServer) = (extra, sftpServer);

    public int Port { get; private set; }

    public string KnownHosts => In("known_hosts");

    public string UserKey => In("userkey");

    /// <summary>The folder of the store, which exists.</summary>
    public string Root => In("store");

    public string[] TemporaryFiles => Directory.Exists(Path.Combine(Root, ".coffer-tmp")) ? Directory.GetFiles(Path.Combine(Root, ".coffer-tmp")) : [];

    public string In(string name) => Path.Combine(_folder, name);

    public SftpStoreOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        User = Environment.UserName,
        Root = Root,
        IdentityFile = UserKey,
        KnownHosts = KnownHosts,
        Fsync = false,
    };

    /// <param name="extra">Lines of sshd_config(5) that come first, so that they win.</param>
    /// <param name="sftpServer">The program of the subsystem.</param>
    public static async Task<TestSshd> StartAsync(string extra = "", string sftpServer = "/usr/lib/openssh/sftp-server")
    {
        var server = new TestSshd(extra, sftpServer);
        Directory.CreateDirectory(server.Root);
        await RunAsync("chmod", "a+rwx", server._folder, server.Root);
        await server.MakeKeyAsync("hostkey");
        await server.MakeKeyAsync("userkey");
        File.Copy(server.In("userkey.pub"), server.In("authorized_keys"));
        server.Port = FreePort();
        await File.WriteAllTextAsync(server.KnownHosts, $"[127.0.0.1]:{server.Port} {string.Join(' ', (await File.ReadAllTextAsync(server.In("hostkey.pub"))).Split(' ')[..2])}\n");
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        // The shell that starts the SFTP server would run the user's own .bashrc, and who kills it in the middle may leave a lock of whatever that does: so it has another home.
        await File.WriteAllTextAsync(In("sshd_config"), $"""
            {_extra}
            SetEnv HOME={In("home")}
            ListenAddress 127.0.0.1
            Port {Port}
            HostKey {In("hostkey")}
            PidFile none
            AuthorizedKeysFile {In("authorized_keys")}
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PrintMotd no
            UseDNS no
            MaxStartups 200:30:400
            MaxSessions 100
            Subsystem sftp {_sftpServer}

            """);
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-f", In("sshd_config"), "-E", In("log")]) { UseShellExecute = false })!;
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(5);
            }
        }
    }

    /// <summary>Makes a key; its file has that name here.</summary>
    public Task MakeKeyAsync(string name, string passphrase = "") => RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", In(name));

    /// <summary>The fingerprint of the host key.</summary>
    public async Task<string> FingerprintAsync() => (await RunAsync("ssh-keygen", "-l", "-f", In("hostkey.pub"))).Split(' ')[1];

    /// <summary>Kills the server and all of its sessions.</summary>
    public void Kill()
    {
        KillSessions();
        Signal(_process!.Id, "KILL");
        _process.WaitForExit();
    }

    /// <summary>Kills the sessions; the server takes new ones.</summary>
    public void KillSessions()
    {
        // They are in groups of their own, so each is looked for; the innermost come first.
        foreach (var process in Descendants(_process!.Id))
            Signal(process, "KILL");
    }

    /// <summary>Sends a signal to the SFTP server of each session.</summary>
    public void SignalSftpServers(string signal)
    {
        foreach (var process in Descendants(_process!.Id).Where(static process => NameOf(process) == "sftp-server"))
            Signal(process, signal);
    }

    private static void Signal(int process, string signal)
    {
        // It may have ended meanwhile, which is no failure.
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-" + signal, process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true, UseShellExecute = false })!;
        kill.WaitForExit();
    }

    private static string NameOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>The ssh processes that are connected to it, or try to be.</summary>
    public int[] Clients() => Descendants(Environment.ProcessId).Where(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0') is [var program, .. var arguments] && program == "ssh" && arguments.Contains($"{Port}");
        }
        catch (IOException)
        {
            return false;
        }
    }).ToArray();

    /// <summary>The processes that a process started, and those that they did.</summary>
    public static IEnumerable<int> Descendants(int process)
    {
        var children = new List<int>();
        try
        {
            foreach (var thread in Directory.GetDirectories($"/proc/{process}/task"))
                children.AddRange(File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static id => int.Parse(id, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            // It has ended.
        }
        return children.SelectMany(static child => Descendants(child).Append(child));
    }

    public static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed: {await error}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        _process?.Dispose();
        for (var tries = 0; ; tries++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 100)
            {
                // A session that was born while it was killed may still write its log.
                await Task.Delay(50);
            }
        }
    }
}
