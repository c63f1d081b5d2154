namespace Coffer.Bench;

/// <summary>Debian's <c>restic</c> with a repository on local disk.</summary>
internal sealed class ResticTool(TemporaryFolder folder)
{
    private const string Repository = "restic-repository";

    /// <summary>An empty repository; the one before is deleted.</summary>
    public async Task StartOverAsync()
    {
        folder.Delete(Repository);
        await RunAsync("init");
    }

    /// <summary>Backs up a file or folder.</summary>
    public Task<Measurement> BackupAsync(string source) => RunAsync("backup", "--quiet", source);

    /// <summary>Restores all of the newest snapshot, under the full paths that it has.</summary>
    public Task<Measurement> RestoreAsync(string destination) => RunAsync("restore", "--quiet", "latest", "--target", destination);

    private Task<Measurement> RunAsync(params string[] arguments) =>
        MeasuredProcess.RunAsync("restic", ["--repo", folder.At(Repository), "--cache-dir", folder.At("restic-cache"), .. arguments],
            new Dictionary<string, string> { ["RESTIC_PASSWORD"] = "bench" });
}
