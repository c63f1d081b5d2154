using System.Globalization;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;
using Dice = Coffer.Testing.SeededRandom;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>
/// Housekeepers that are killed while they pack, merge and delete, beside a writer in this process. Now and then, when nobody has the vault open, everything on the store becomes older than the packing margin, so that what is packed may go.
/// </summary>
internal sealed class HousekeeperCrashes(int kills, ulong seed, Action<string> log)
{
    private const int KillsUntilOlder = 4;
    private const int CyclesUntilGraceEnds = 5;
    private const int LargestSingle = 200_000;

    private static readonly TimeSpan BeyondMargin = TimeSpan.FromHours(2);
    private static readonly TimeSpan BeyondGrace = TimeSpan.FromDays(8);

    /// <summary>The writer writes beside all kills, but not as fast as it can: each version is looked at in the end.</summary>
    private static readonly TimeSpan WritersPause = TimeSpan.FromMilliseconds(20);

    private readonly Journal _journal = new();
    private readonly Dice _random = new(seed);
    private readonly int[] _reported = new int[4];
    private int _writers;

    public async Task RunAsync()
    {
        await using var site = new CrashSite();
        var alice = await site.Team.CreateAsync(segmentInterval: TimeSpan.FromMinutes(1));
        await alice.SetAccessAsync([new(site.Team.Bob.Public, AccessLevel.Write), new(site.Team.Carol.Public, AccessLevel.Read)]);
        await site.Team.CloseAsync(alice);
        for (var cycle = 0; cycle * KillsUntilOlder < kills; cycle++)
        {
            await KillBesideWriterAsync(site, cycle);
            await CheckAsync(site, "peer");
            site.Age(cycle % CyclesUntilGraceEnds == CyclesUntilGraceEnds - 1 ? BeyondGrace : BeyondMargin);
        }
        log(string.Create(CultureInfo.InvariantCulture, $"{_journal.Acknowledged} operations acknowledged; rounds that ended made {_reported[0]} packs, merged {_reported[1]}, deleted {_reported[2]} commits and {_reported[3]} packs"));
        await EndAsync(site);
    }

    private async Task KillBesideWriterAsync(CrashSite site, int cycle)
    {
        var bob = await site.Team.OpenAsync(site.Team.Bob, site.Index("writer"));
        var goesOn = true;
        var writing = Task.WhenAll(Enumerable.Range(0, 2).Select(lane => Task.Run(() =>
            new Workload(bob, $"{lane}", (_writers++ * Workload.Operations) + 1, LargestSingle, _journal.Begin, _journal.Acknowledge) { Pause = WritersPause }
                .RunAsync(new Dice(unchecked(seed + (ulong)(cycle * 2) + (ulong)lane)), () => Volatile.Read(ref goesOn)))));
        for (var i = 0; i < KillsUntilOlder; i++)
        {
            using var victim = site.Start(Victim.Housekeeper, "housekeeper", site.Team.Alice, "", cycle, _random.NextUInt64(), Hear);
            await victim.KillSoonAsync(_random, mostDone: 2);
        }
        Volatile.Write(ref goesOn, false);
        await writing;
        Assert.Empty(bob.GetFindings());
        await site.Team.CloseAsync(bob);
        LocalFiles.RequireWhole(site.Index("housekeeper"));
    }

    private void Hear(string word, string rest)
    {
        var counts = rest.Split(' ');
        for (var i = 0; i < counts.Length; i++)
            _reported[i] += int.Parse(counts[i], CultureInfo.InvariantCulture);
    }

    private async Task CheckAsync(CrashSite site, string device)
    {
        var peer = await site.Team.OpenAsync(site.Team.Carol, site.Index(device));
        await _journal.CheckTouchedAsync(peer);
        Assert.Empty(peer.GetFindings());
        await site.Team.CloseAsync(peer);
    }

    /// <summary>Rounds that nobody kills: everything is in packs then, nothing is left over, and all can be read.</summary>
    private async Task EndAsync(CrashSite site)
    {
        for (var round = 0; round < 3; round++)
        {
            site.Age(BeyondGrace);
            var time = new JumpingTime();
            time.Jump(TimeSpan.FromMinutes(3));
            await using var alice = await Vault.OpenAsync(site.Store, site.Team.Alice, new VaultOpenOptions
            {
                IndexPath = site.Index("housekeeper"),
                Creator = site.Team.Alice.Public,
                Environment = new VaultEnvironment { Time = time },
            });
            Assert.Null((await alice.HousekeepAsync(new HousekeepOptions { Bodies = true })).NothingDeletedBecause);
            Assert.DoesNotContain(alice.GetFindings(), static found => found.Finding.Kind != FindingKind.Clock);
        }
        Assert.InRange((await site.Store.KeysAsync(StoredObjects.CommitKeys)).Length, 0, 7);
        Assert.InRange((await site.Store.KeysAsync("users/packs/")).Length, 1, 20);
        Assert.Equal(await LocalFiles.NamedBodiesAsync(site.Team, site.Team.Carol), await site.Store.KeysAsync(StoredObjects.DataKeys));
        foreach (var device in (string[])["peer", "new"])
        {
            var peer = await site.Team.OpenAsync(site.Team.Carol, site.Index(device));
            await _journal.CheckAllAsync(peer);
            Assert.Empty(peer.GetFindings());
        }
    }
}
