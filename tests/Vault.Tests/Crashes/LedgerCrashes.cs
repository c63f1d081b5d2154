using System.Globalization;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;
using Dice = Coffer.Testing.SeededRandom;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>
/// An admin that is killed while it grants and removes, beside another one in this process that does the same for other people. The ledger must stay one chain in which each acknowledged change stands once.
/// </summary>
internal sealed class LedgerCrashes(int kills, ulong seed, Action<string> log)
{
    private const int People = 3;

    private readonly Dice _random = new(seed);
    private readonly List<int> _begun = [];
    private readonly List<int> _done = [];

    public async Task RunAsync()
    {
        await using var site = new CrashSite();
        var alice = await site.Team.CreateAsync();
        await alice.SetAccessAsync(site.Team.Bob.Public, AccessLevel.Admin);
        var people = Enumerable.Range(0, People).Select(_ => site.Team.NewPerson().Public).ToList();
        var known = new int[People];
        var beside = 0;
        for (var run = 0; run < kills; run++)
        {
            using var victim = site.Start(Victim.Admin, "admin", site.Team.Bob, string.Join(',', people), run, _random.NextUInt64(), Hear);
            var killed = victim.KillSoonAsync(_random, mostDone: 4);
            while (!killed.IsCompleted)
            {
                await alice.SetAccessAsync(site.Team.Carol.Public, beside++ % 2 == 0 ? AccessLevel.Read : AccessLevel.None);
                await Task.WhenAny(killed, Task.Delay(_random.Next(50)));
            }
            await killed;
            await alice.SyncAsync();
            Assert.Empty(alice.GetFindings());
            await CheckAsync(alice, site.Team.Carol.Public, beside);
            for (var person = 0; person < People; person++)
            {
                var most = known[person] + _begun.Count(begun => begun == person);
                var least = known[person] + _done.Count(done => done == person);
                known[person] = await CheckAsync(alice, people[person], least, most);
            }
            _begun.Clear();
            _done.Clear();
        }
        log(string.Create(CultureInfo.InvariantCulture, $"{known.Sum()} changes of the killed admin, {beside} of the other"));
        var bob = await site.Team.OpenAsync(site.Team.Bob, site.Index("admin"));
        var fresh = await site.Team.OpenAsync(site.Team.Bob);
        foreach (var vault in (Vault[])[bob, fresh])
        {
            Assert.Empty(vault.GetFindings());
            Assert.Equal((await alice.GetLedgerAsync()).Select(static block => block.Hash), (await vault.GetLedgerAsync()).Select(static block => block.Hash));
        }
        Assert.Equal((await alice.GetLedgerAsync()).Count, (await site.Store.KeysAsync(StoredObjects.LedgerKeys)).Length);
        Assert.Equal(2 + known.Sum() + beside, (await alice.GetLedgerAsync()).Count);
        LocalFiles.RequireWhole(site.Index("admin"));
    }

    private void Hear(string word, string rest) => (word == Victim.Begin ? _begun : _done).Add(int.Parse(rest, CultureInfo.InvariantCulture));

    private static Task CheckAsync(Vault vault, PublicId person, int exactly) => CheckAsync(vault, person, exactly, exactly);

    /// <summary>Gives how often a person was granted or removed: in turn, and as often as it was acknowledged, or begun.</summary>
    private static async Task<int> CheckAsync(Vault vault, PublicId person, int least, int most)
    {
        var changes = (await vault.GetLedgerAsync()).SelectMany(static block => block.Changes).Where(change => change.Contains(person.Fingerprint, StringComparison.Ordinal)).ToList();
        for (var i = 0; i < changes.Count; i++)
            Assert.StartsWith(i % 2 == 0 ? "granted" : "removed", changes[i], StringComparison.Ordinal);
        Assert.InRange(changes.Count, least, most);
        Assert.Equal(changes.Count % 2 == 1, (await vault.GetMembersAsync()).Any(member => member.Id == person));
        return changes.Count;
    }
}
