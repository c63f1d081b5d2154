using System.Globalization;
using Coffer.Stores;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>A vault on local disk, a team around it, and processes on it that are killed.</summary>
internal sealed class CrashSite : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-crash-").FullName;

    public CrashSite()
    {
        Url = $"file://{StoreFolder}?fsync=false";
        Store = ScenarioStore.Open(Url);
        Team = new Team(Store) { Cooldown = TimeSpan.FromHours(1) };
    }

    public string Url { get; }

    public IStore Store { get; }

    public Team Team { get; }

    private string StoreFolder => Path.Combine(_folder, "store");

    /// <summary>Where a device keeps its files.</summary>
    public string Index(string device) => Path.Combine(_folder, device, "team.db");

    /// <summary>Starts a process that is to be killed. It fails at once when that has found anything wrong when it opened the vault.</summary>
    public VictimProcess Start(string role, string device, PrivateId identity, string text, int run, ulong seed, Action<string, string> told) =>
        new([role, Url, Index(device), identity.ExportText(), Team.Alice.Public.ToString(), text, Text(run), Text(seed)], (word, rest) =>
        {
            if (word == Victim.IsOpen)
                Assert.Equal("", rest);
            else
                told(word, rest);
        });

    /// <summary>Makes all that is on the store older. Nobody may have the vault open: what a device remembers of times would not fit.</summary>
    public void Age(TimeSpan by)
    {
        foreach (var file in Directory.EnumerateFiles(StoreFolder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - by);
    }

    /// <summary>The files of puts that were cut off, after a store was opened that cleans up.</summary>
    public async Task<string[]> TemporaryFilesAsync()
    {
        await using var opened = ScenarioStore.Open(Url);
        return Directory.GetFiles(Path.Combine(StoreFolder, ".coffer-tmp"), "put-*");
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Team.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
