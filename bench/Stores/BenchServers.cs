namespace Coffer.Bench.Stores;

/// <summary>The servers of tests/servers, for the time of a benchmark.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private static readonly string Scripts = Path.Combine(Repository.Root, "tests", "servers");

    /// <summary>The room of the S3 server, which keeps everything in memory: what three rounds of three tools put, 1 GiB each. Nothing is deleted in between, so that nobody pays for another's deletions.</summary>
    private const string S3Room = "17179869184";

    private readonly string _folder;
    private readonly List<string> _told = [];

    private BenchServers(string folder) => _folder = folder;

    /// <summary>Starts them, and puts what they say of themselves into the environment of this process.</summary>
    public static async Task<BenchServers> StartAsync(TemporaryFolder folder, IReadOnlyCollection<string> names)
    {
        var servers = new BenchServers(folder.At("srv"));
        if (names.Count == 0)
            return servers;
        try
        {
            await MeasuredProcess.RunAsync("bash", [Path.Combine(Scripts, "up.sh"), servers._folder, .. names], new Dictionary<string, string> { ["CEPH_S3_STORE_BYTES"] = S3Room });
            foreach (var line in await File.ReadAllLinesAsync(Path.Combine(servers._folder, "env")))
            {
                var (name, value) = (line[..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
                Environment.SetEnvironmentVariable(name, value.Trim('\''));
                servers._told.Add(name);
            }
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends them. Whoever comes next starts others.</summary>
    public async ValueTask DisposeAsync()
    {
        _told.ForEach(static name => Environment.SetEnvironmentVariable(name, null));
        await MeasuredProcess.RunAsync("bash", [Path.Combine(Scripts, "down.sh"), _folder]);
    }
}
