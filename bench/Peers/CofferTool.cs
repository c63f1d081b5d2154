namespace Coffer.Bench;

/// <summary>The <c>coffer</c> program with one vault at a time.</summary>
internal sealed class CofferTool(CofferProgram program, BenchPlace place) : IFileTool
{
    private int _vaults;

    public string Name => "coffer";

    /// <summary>The vault in use.</summary>
    private string Vault => $"bench{_vaults}";

    public static async Task<CofferTool> CreateAsync(BenchOptions options, TemporaryFolder folder, BenchPlace place) => new(await CofferProgram.CreateAsync(options, folder), place);

    /// <summary>A new vault in an empty store.</summary>
    public async Task StartOverAsync()
    {
        _vaults++;
        await program.RunAsync("create", Vault, place.StartOver("coffer-store"), "--as", CofferProgram.Identity);
    }

    public async Task<PutMeasurement> PutAsync(string source) => new(await program.RunAsync("put", source, $"{Vault}:input"));

    public Task BetweenAsync() => Task.CompletedTask;

    public async Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination) => (await program.RunAsync("get", $"{Vault}:input", destination), destination);

    public Task EndAsync() => Task.CompletedTask;
}
