using System.Globalization;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;
using Dice = Coffer.Testing.SeededRandom;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>
/// Writers that are killed: two devices of one member write, are killed at any moment and started again on the same files, while a peer in this process reads what they acknowledged.
/// </summary>
internal sealed class WriterCrashes(int kills, ulong seed, Action<string> log)
{
    private const int Devices = 2;

    /// <summary>After so many kills the local files are checked page by page.</summary>
    private const int KillsUntilPages = 20;

    private static readonly TimeSpan BeyondGrace = TimeSpan.FromDays(8);

    public async Task RunAsync()
    {
        await using var site = new CrashSite();
        var alice = await site.Team.CreateAsync();
        await alice.SetAccessAsync([new(site.Team.Bob.Public, AccessLevel.Write), new(site.Team.Carol.Public, AccessLevel.Read)]);
        var journals = await Task.WhenAll(Enumerable.Range(0, Devices).Select(device => KillAsync(site, alice, $"device-{device}", unchecked((seed * Devices) + (ulong)device))));

        log($"{journals.Sum(static journal => journal.Begun)} operations begun, {journals.Sum(static journal => journal.Acknowledged)} acknowledged, {journals.Sum(static journal => journal.Queued)} of them when they were accepted");
        for (var device = 0; device < Devices; device++)
            await SettleAsync(site, $"device-{device}");
        await CheckAsync(alice, journals);
        await CheckOrphansAsync(site, alice);
        await CheckAsync(await site.Team.OpenAsync(site.Team.Carol), journals);
    }

    private async Task<Journal> KillAsync(CrashSite site, Vault peer, string device, ulong seedOfDevice)
    {
        var journal = new Journal();
        var random = new Dice(seedOfDevice);
        for (var run = 0; run < kills / Devices; run++)
        {
            using var victim = site.Start(Victim.Writer, device, site.Team.Bob, device, run, random.NextUInt64(), journal.Hear);
            await victim.KillSoonAsync(random, mostDone: 5);
            await peer.SyncAsync();
            await journal.CheckTouchedAsync(peer);
            Assert.Empty(peer.GetFindings());
            if (run % KillsUntilPages == KillsUntilPages - 1)
            {
                LocalFiles.RequireWhole(site.Index(device));
                log(string.Create(CultureInfo.InvariantCulture, $"{device}: {run + 1} kills, {journal.Acknowledged} operations acknowledged"));
            }
        }
        return journal;
    }

    /// <summary>A last start, which nobody kills: it finishes what was in flight.</summary>
    private static async Task SettleAsync(CrashSite site, string device)
    {
        var vault = await site.Team.OpenAsync(site.Team.Bob, site.Index(device));
        await vault.WaitFilesAsync();
        await vault.WriteTextAsync($"last/{device}", "x");
        Assert.Empty(await vault.GetPendingAsync());
        Assert.Empty(vault.GetFindings());
        await site.Team.CloseAsync(vault);
        LocalFiles.RequireWhole(site.Index(device));
        Assert.Empty(Directory.GetFiles(Path.ChangeExtension(site.Index(device), ".spool")));
    }

    private static async Task CheckAsync(Vault peer, IReadOnlyList<Journal> journals)
    {
        await peer.SyncAsync();
        foreach (var journal in journals)
            await journal.CheckAllAsync(peer);
        Assert.Empty(peer.GetFindings());
    }

    /// <summary>When everything is older than the grace time, only what a commit names is left.</summary>
    private async Task CheckOrphansAsync(CrashSite site, Vault alice)
    {
        var before = (await site.Store.KeysAsync(StoredObjects.DataKeys)).Length;
        site.Age(BeyondGrace);
        await alice.HousekeepAsync(new HousekeepOptions { Bodies = true });
        var left = await site.Store.KeysAsync(StoredObjects.DataKeys);
        log(string.Create(CultureInfo.InvariantCulture, $"{before} bodies on the store, of which {before - left.Length} were left by killed writers"));
        Assert.Equal(await LocalFiles.NamedBodiesAsync(site.Team, site.Team.Carol), left);
        Assert.Empty(await site.TemporaryFilesAsync());
    }
}
