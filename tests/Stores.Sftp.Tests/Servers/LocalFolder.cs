namespace Coffer.Stores.Sftp.Tests;

/// <summary>A folder of a test's own, and stores in it on <see cref="LocalServer"/>s.</summary>
internal sealed class LocalFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("coffer-sftp-").FullName;

    public string Hidden => Path.Combine(Root, ".coffer-tmp");

    public string PathOf(string key) => Path.Combine(Root, key);

    /// <summary>The files of puts that are not done.</summary>
    public string[] TemporaryFiles => Directory.Exists(Hidden) ? Directory.GetFiles(Hidden) : [];

    public SftpStoreOptions Options => new() { Host = "test", Root = Root, Fsync = false, Connections = 1 };

    public SftpStore Open(Func<PacketType, byte[], Fate>? fate = null, params string[] arguments) =>
        new(Options, TimeProvider.System, _ => new LocalServer(fate ?? (static (_, _) => Fate.Done), arguments));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
