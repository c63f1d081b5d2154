namespace Coffer.Bench;

/// <summary>Debian's <c>restic</c>, without compression, which random bytes do not need. On local disk it syncs every file that it writes to its repository, and the file's folder.</summary>
internal sealed class ResticTool(TemporaryFolder folder, BenchPlace place) : IFileTool
{
    private string _repository = "";

    public string Name => "restic";

    public static async Task<IFileTool> CreateAsync(TemporaryFolder folder, BenchPlace place)
    {
        await DebianPackage.EnsureAsync("restic", "restic");
        return new ResticTool(folder, place);
    }

    public async Task StartOverAsync()
    {
        _repository = RepositoryOf(StoreUrl.Parse(place.StartOver("restic-repository")));
        await RunAsync("init");
    }

    public async Task<PutMeasurement> PutAsync(string source) => new(await RunAsync("backup", "--quiet", source));

    public Task BetweenAsync() => Task.CompletedTask;

    /// <summary>Restores all of the newest snapshot, under the full paths that it has.</summary>
    public async Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination) =>
        (await RunAsync("restore", "--quiet", "latest", "--target", destination), destination + source);

    public Task EndAsync() => Task.CompletedTask;

    private string RepositoryOf(StoreUrl url) => place.IsLocal ? url.Path : $"s3:{url.Options["endpoint"]}/{url.Host}{url.Path}";

    private Task<Measurement> RunAsync(params string[] arguments)
    {
        string[] connections = place.IsLocal ? [] : ["-o", "s3.connections=16"];
        return MeasuredProcess.RunAsync("restic", ["--repo", _repository, "--cache-dir", folder.At("restic-cache"), "--compression", "off", .. connections, .. arguments],
            new Dictionary<string, string> { ["RESTIC_PASSWORD"] = "bench" });
    }
}
