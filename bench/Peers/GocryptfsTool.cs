namespace Coffer.Bench;

/// <summary>
/// Debian's <c>gocryptfs</c>: <c>cp -r</c> into a mounted folder and out of it. It waits for no disk unless who copies does. It is mounted anew before a get, because else the kernel still has the plaintext. The processor time shown is that of
/// <c>cp</c> alone.
/// </summary>
internal sealed class GocryptfsTool(TemporaryFolder folder) : IFileTool
{
    private const string Sealed = "gocryptfs-sealed";
    private const string Mount = "gocryptfs-mount";
    private const string Password = "gocryptfs-password";
    private bool _mounted;

    public string Name => "gocryptfs";

    /// <summary>Null where nothing can be mounted, as in most containers.</summary>
    public static async Task<IFileTool?> CreateAsync(TemporaryFolder folder)
    {
        await DebianPackage.EnsureAsync("gocryptfs", "gocryptfs");
        await DebianPackage.EnsureAsync("fusermount", "fuse");
        await File.WriteAllTextAsync(folder.At(Password), "bench");
        var tool = new GocryptfsTool(folder);
        try
        {
            await tool.StartOverAsync();
            return tool;
        }
        catch (InvalidOperationException fault)
        {
            Console.WriteLine($"gocryptfs is left out, because it cannot be mounted here: {fault.Message}");
            return null;
        }
    }

    public async Task StartOverAsync()
    {
        await EndAsync();
        folder.SetAside(Sealed);
        Directory.CreateDirectory(folder.At(Sealed));
        Directory.CreateDirectory(folder.At(Mount));
        await MeasuredProcess.RunAsync("gocryptfs", ["-init", "-q", "-passfile", folder.At(Password), folder.At(Sealed)]);
        await MountAsync();
    }

    public async Task<PutMeasurement> PutAsync(string source) => await PutMeasurement.ThenSyncAsync(await CopyAsync(source, Mounted), folder.At(Sealed));

    public async Task BetweenAsync()
    {
        await EndAsync();
        await MountAsync();
    }

    public async Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination) => (await CopyAsync(Mounted, destination), destination);

    public async Task EndAsync()
    {
        if (!_mounted)
            return;
        await MeasuredProcess.RunAsync("fusermount", ["-u", folder.At(Mount)]);
        _mounted = false;
    }

    private string Mounted => folder.At(Path.Combine(Mount, "input"));

    private async Task MountAsync()
    {
        await MeasuredProcess.RunAsync("gocryptfs", ["-q", "-passfile", folder.At(Password), folder.At(Sealed), folder.At(Mount)]);
        _mounted = true;
    }

    private static Task<Measurement> CopyAsync(string from, string to) => MeasuredProcess.RunAsync("cp", ["-r", from, to]);
}
