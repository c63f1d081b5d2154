namespace Coffer.Bench;

/// <summary>Debian's <c>borg</c> with a repository on local disk, encrypted (<c>repokey</c>) and without compression, which random bytes do not need. It syncs its segments.</summary>
internal sealed class BorgTool(TemporaryFolder folder) : IFileTool
{
    private const string Repository = "borg-repository";

    public string Name => "borg";

    public static async Task<IFileTool> CreateAsync(TemporaryFolder folder)
    {
        await DebianPackage.EnsureAsync("borg", "borgbackup");
        return new BorgTool(folder);
    }

    public async Task StartOverAsync()
    {
        folder.SetAside(Repository);
        folder.Delete("borg-home");
        await RunAsync(folder.Root, "init", "--encryption", "repokey", folder.At(Repository));
    }

    public async Task<PutMeasurement> PutAsync(string source) =>
        new(await RunAsync(Path.GetDirectoryName(source)!, "create", "--compression", "none", $"{folder.At(Repository)}::bench", Path.GetFileName(source)));

    public Task BetweenAsync() => Task.CompletedTask;

    /// <summary>It extracts into the folder that it is started in.</summary>
    public async Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination)
    {
        Directory.CreateDirectory(destination);
        return (await RunAsync(destination, "extract", $"{folder.At(Repository)}::bench"), Path.Combine(destination, Path.GetFileName(source)));
    }

    public Task EndAsync() => Task.CompletedTask;

    private Task<Measurement> RunAsync(string workingFolder, params string[] arguments) => MeasuredProcess.RunAsync("borg", arguments,
        new Dictionary<string, string> { ["BORG_PASSPHRASE"] = "bench", ["BORG_BASE_DIR"] = folder.At("borg-home") }, workingFolder);
}
