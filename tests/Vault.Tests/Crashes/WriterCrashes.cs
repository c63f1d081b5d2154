using System.Globalization;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;
using Dice = Coffer.Testing.SeededRandom;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>
/// Writers that are killed: two devices of one member write, are killed at any moment and started again on the same files, while a peer in this process reads what they acknowledged.
/// </summary>
internal sealed class WriterCrashes(int kills, ulong seed, Action<string> log) : IAsyncDisposable
{
    private const int Devices = 2;

    /// <summary>After so many kills the local files are checked page by page.</summary>
    private const int KillsUntilPages = 20;

    private static readonly TimeSpan BeyondGrace = TimeSpan.FromDays(8);

    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-crash-").FullName;

    private string StoreFolder => Path.Combine(_folder, "store");

    private string Url => $"file://{StoreFolder}?fsync=false";

    public async Task RunAsync()
    {
        await using var store = ScenarioStore.Open(Url);
        await using var team = new Team(store) { Cooldown = TimeSpan.FromHours(1) };
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync([new(team.Bob.Public, AccessLevel.Write), new(team.Carol.Public, AccessLevel.Read)]);
        var journals = await Task.WhenAll(Enumerable.Range(0, Devices).Select(device => KillAsync(team, alice, device)));

        log($"{journals.Sum(static journal => journal.Begun)} operations begun, {journals.Sum(static journal => journal.Acknowledged)} acknowledged");
        for (var device = 0; device < Devices; device++)
            await SettleAsync(team, device);
        await CheckAsync(alice, journals);
        await CheckOrphansAsync(team, alice);
        await CheckAsync(await team.OpenAsync(team.Carol), journals);
    }

    private string Index(int device) => Path.Combine(_folder, $"device-{device}", "team.db");

    private async Task<Journal> KillAsync(Team team, Vault peer, int device)
    {
        var journal = new Journal();
        var random = new Dice(unchecked((seed * Devices) + (ulong)device));
        for (var run = 0; run < kills / Devices; run++)
        {
            string[] arguments = [Victim.Writer, Url, Index(device), team.Bob.ExportText(), team.Alice.Public.ToString(), $"{device}", Text(run), Text(random.NextUInt64())];
            using var victim = new VictimProcess(arguments, (word, rest) => Hear(journal, word, rest));
            // One in ten is killed while it starts, or opens its files; the others after so many acknowledged operations, and a little later: on a slow machine too.
            if (random.Chance(0.1))
                await Task.Delay(random.Next(500));
            else
                await victim.DoneAsync(random.Next(6));
            await Task.Delay(random.Next(30));
            await victim.KillAsync();
            await peer.SyncAsync();
            await journal.CheckTouchedAsync(peer);
            Assert.Empty(peer.GetFindings());
            if (run % KillsUntilPages == KillsUntilPages - 1)
            {
                LocalFiles.RequireWhole(Index(device));
                log($"device {device}: {run + 1} kills, {journal.Acknowledged} acknowledged");
            }
        }
        return journal;
    }

    private static void Hear(Journal journal, string word, string rest)
    {
        switch (word)
        {
            case Victim.IsOpen:
                Assert.Equal("", rest);
                break;
            case Victim.Begin:
                journal.Begin(Operation.Parse(rest));
                break;
            case Victim.Done:
                journal.Acknowledge(int.Parse(rest, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>A last start, which nobody kills: it finishes what was in flight.</summary>
    private async Task SettleAsync(Team team, int device)
    {
        var vault = await team.OpenAsync(team.Bob, Index(device));
        await vault.WriteTextAsync($"last/{device}", "x");
        Assert.Empty(vault.GetFindings());
        await team.CloseAsync(vault);
        LocalFiles.RequireWhole(Index(device));
    }

    private static async Task CheckAsync(Vault peer, IReadOnlyList<Journal> journals)
    {
        await peer.SyncAsync();
        foreach (var journal in journals)
            await journal.CheckAllAsync(peer);
        Assert.Empty(peer.GetFindings());
    }

    /// <summary>When everything is older than the grace time, only what a commit names is left.</summary>
    private async Task CheckOrphansAsync(Team team, Vault alice)
    {
        var before = (await team.Store.KeysAsync(StoredObjects.DataKeys)).Length;
        foreach (var file in Directory.EnumerateFiles(StoreFolder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - BeyondGrace);
        await alice.HousekeepAsync(new HousekeepOptions { Bodies = true });
        var left = await team.Store.KeysAsync(StoredObjects.DataKeys);
        log($"{before} bodies on the store, of which {before - left.Length} were left by killed writers");
        Assert.Equal(await NamedBodiesAsync(team), left);
        await using var reopened = ScenarioStore.Open(Url);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(StoreFolder, ".coffer-tmp"), "put-*"));
    }

    /// <summary>The bodies that commits name, as a new peer finds them.</summary>
    private static async Task<string[]> NamedBodiesAsync(Team team)
    {
        var index = team.NewIndex();
        await team.CloseAsync(await team.OpenAsync(team.Carol, index));
        using var database = LocalDatabase.Open(new LocalPaths(index));
        var names = new VaultNames(team.Realm);
        return [.. database.Query("SELECT DISTINCT segment, id FROM idx.objects", reader => names.Object(new(reader.GetInt64(0), reader.U128(1))).Value).Order(StringComparer.Ordinal)];
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
