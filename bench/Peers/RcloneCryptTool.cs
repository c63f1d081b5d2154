using Coffer.Bench.Stores;

namespace Coffer.Bench;

/// <summary>Debian's <c>rclone</c> with its <c>crypt</c> over a place. It waits for no disk.</summary>
internal sealed class RcloneCryptTool(BenchPlace place, RcloneTool rclone, string password) : IFileTool
{
    private string _url = "";

    public string Name => "rclone crypt";

    private RcloneRemote Remote => place.Rclone(_url).Crypt(password);

    public static async Task<IFileTool> CreateAsync(TemporaryFolder folder, BenchPlace place)
    {
        var rclone = await RcloneTool.CreateAsync(folder);
        var password = await MeasuredProcess.RunAsync("rclone", ["obscure", "bench"]);
        return new RcloneCryptTool(place, rclone, password.Output.Trim());
    }

    public Task StartOverAsync()
    {
        _url = place.StartOver("rclone-crypt");
        return Task.CompletedTask;
    }

    public async Task<PutMeasurement> PutAsync(string source) => await place.ThenSyncAsync(
        Directory.Exists(source) ? await rclone.PutAsync(source, Remote, "input") : await rclone.PutFileAsync(source, Remote, "input"), _url);

    public Task BetweenAsync() => Task.CompletedTask;

    public async Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination) =>
        (Directory.Exists(source) ? await rclone.GetAsync(Remote, "input", destination) : await rclone.GetFileAsync(Remote, "input", destination), destination);

    public Task EndAsync() => Task.CompletedTask;
}
