using System.Runtime.InteropServices;

namespace Coffer.Bench;

/// <summary>The published <c>coffer</c> with a home of its own, and one vault at a time.</summary>
internal sealed class CofferTool(string executable, TemporaryFolder folder, BenchPlace place) : IFileTool
{
    private const string Home = "coffer-home";
    private int _vaults;

    public string Name => "coffer";

    /// <summary>The vault in use.</summary>
    private string Vault => $"bench{_vaults}";

    /// <summary>The tool that the options name, or that of this tree, published.</summary>
    public static async Task<CofferTool> CreateAsync(BenchOptions options, TemporaryFolder folder, BenchPlace place)
    {
        var executable = options.Coffer;
        if (executable is null)
        {
            var project = Path.Combine(Repository.Root, "src", "Cli");
            await MeasuredProcess.RunAsync("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
                "-o", folder.At("coffer"), "-v", "q", "--nologo"]);
            executable = folder.At(Path.Combine("coffer", "coffer"));
        }
        var tool = new CofferTool(Path.GetFullPath(executable), folder, place);
        await tool.RunAsync("id", "new", "bench");
        return tool;
    }

    /// <summary>A new vault in an empty store.</summary>
    public async Task StartOverAsync()
    {
        _vaults++;
        await RunAsync("create", Vault, place.StartOver("coffer-store"), "--as", "bench");
    }

    public async Task<PutMeasurement> PutAsync(string source) => new(await RunAsync("put", source, $"{Vault}:input"));

    public Task BetweenAsync() => Task.CompletedTask;

    public async Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination) => (await RunAsync("get", $"{Vault}:input", destination), destination);

    public Task EndAsync() => Task.CompletedTask;

    private Task<Measurement> RunAsync(params string[] arguments) =>
        MeasuredProcess.RunAsync(executable, arguments, new Dictionary<string, string> { ["COFFER_HOME"] = folder.At(Home) });
}
