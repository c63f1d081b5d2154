using Coffer.Bench.Stores;

namespace Coffer.Bench;

/// <summary>Debian's <c>rclone</c> with its <c>crypt</c> over a folder on local disk. It waits for no disk.</summary>
internal sealed class RcloneCryptTool(TemporaryFolder folder, RcloneTool rclone, string password) : IFileTool
{
    private const string Place = "rclone-crypt";

    private readonly RcloneRemote _remote = new(["type = crypt", $"remote = {folder.At(Place)}", $"password = {password}"], "");

    public string Name => "rclone crypt";

    public static async Task<IFileTool> CreateAsync(TemporaryFolder folder)
    {
        var rclone = await RcloneTool.CreateAsync(folder);
        var password = await MeasuredProcess.RunAsync("rclone", ["obscure", "bench"]);
        return new RcloneCryptTool(folder, rclone, password.Output.Trim());
    }

    public Task StartOverAsync()
    {
        folder.SetAside(Place);
        Directory.CreateDirectory(folder.At(Place));
        return Task.CompletedTask;
    }

    public async Task<PutMeasurement> PutAsync(string source) => await PutMeasurement.ThenSyncAsync(
        Directory.Exists(source) ? await rclone.PutAsync(source, _remote, "input") : await rclone.PutFileAsync(source, _remote, "input"), folder.At(Place));

    public Task BetweenAsync() => Task.CompletedTask;

    public async Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination) =>
        (Directory.Exists(source) ? await rclone.GetAsync(_remote, "input", destination) : await rclone.GetFileAsync(_remote, "input", destination), destination);

    public Task EndAsync() => Task.CompletedTask;
}
