namespace Coffer.Bench;

/// <summary>Debian's <c>restic</c> with a repository on local disk. It syncs every file that it writes there, and the file's folder.</summary>
internal sealed class ResticTool(TemporaryFolder folder) : IFileTool
{
    private const string Repository = "restic-repository";

    public string Name => "restic";

    public static async Task<IFileTool> CreateAsync(TemporaryFolder folder)
    {
        await DebianPackage.EnsureAsync("restic", "restic");
        return new ResticTool(folder);
    }

    public async Task StartOverAsync()
    {
        folder.Delete(Repository);
        await RunAsync("init");
    }

    public async Task<PutMeasurement> PutAsync(string source) => new(await RunAsync("backup", "--quiet", source));

    public Task BetweenAsync() => Task.CompletedTask;

    /// <summary>Restores all of the newest snapshot, under the full paths that it has.</summary>
    public async Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination) =>
        (await RunAsync("restore", "--quiet", "latest", "--target", destination), destination + source);

    public Task EndAsync() => Task.CompletedTask;

    private Task<Measurement> RunAsync(params string[] arguments) =>
        MeasuredProcess.RunAsync("restic", ["--repo", folder.At(Repository), "--cache-dir", folder.At("restic-cache"), .. arguments],
            new Dictionary<string, string> { ["RESTIC_PASSWORD"] = "bench" });
}
