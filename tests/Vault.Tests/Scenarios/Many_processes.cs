using System.Globalization;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

public sealed class Many_processes : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-processes-").FullName;

    [Fact]
    public async Task Of_8_processes_with_an_index_each_that_append_25_blocks_each_none_loses_one_and_there_is_one_chain()
    {
        const int Admins = 8;
        const int Changes = 25;
        var url = ScenarioStore.FreshUrl() ?? $"file://{_folder}/store?fsync=false";
        await using var store = ScenarioStore.Open(url);
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        var admins = Enumerable.Range(0, Admins).Select(_ => team.NewPerson()).ToList();
        await alice.SetAccessAsync([.. admins.Select(static admin => new AccessChange(admin.Public, AccessLevel.Admin))]);
        await OtherProcess.RunAllAsync([.. admins.Select((admin, number) =>
            OtherProcess.Start("grant", url, Path.Combine(_folder, Text(number), "team.db"), admin.ExportText(), alice.Me.ToString(), Text(Changes), ""))]);

        var ledger = await alice.GetLedgerAsync();
        Assert.Equal(2 + (Admins * Changes), ledger.Count);
        Assert.All(admins, admin => Assert.Equal(Changes, ledger.Count(block => block.Author == admin.Public)));
        Assert.Equal(1 + Admins + (Admins * Changes), (await alice.GetMembersAsync()).Count);
        Assert.Equal(ledger.Count, (await team.Store.KeysAsync(StoredObjects.LedgerKeys)).Length);
        Assert.Empty(alice.GetFindings());
        Assert.Equal(ledger[^1].Hash, (await (await team.OpenAsync(admins[0])).GetLedgerAsync())[^1].Hash);
    }

    [Fact]
    public async Task Four_processes_on_one_index_write_at_the_same_time_under_a_writer_each_and_lose_nothing()
    {
        const int Processes = 4;
        const int Writes = 25;
        var url = ScenarioStore.FreshUrl() ?? $"file://{_folder}/store?fsync=false";
        await using var store = ScenarioStore.Open(url);
        await using var team = new Team(store);
        var index = team.NewIndex();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await OtherProcess.RunAllAsync([.. Enumerable.Range(0, Processes).Select(number =>
            OtherProcess.Start("write", url, index, team.Bob.ExportText(), alice.Me.ToString(), Text(Writes), Text(number)))]);

        Assert.Equal(Processes * Writes, (await alice.AllAsync()).Length);
        Assert.Equal(Processes, (await team.Store.KeysAsync(StoredObjects.CommitKeys)).Select(static key => key[..^13]).Distinct().Count());
        var bob = await team.OpenAsync(team.Bob, index);
        Assert.Equal(Processes * Writes, (await bob.AllAsync()).Length);
        Assert.Empty(bob.GetFindings());
        await bob.WriteTextAsync("one more", "");
        Assert.Equal(Processes, (await team.Store.KeysAsync(StoredObjects.CommitKeys)).Select(static key => key[..^13]).Distinct().Count());
    }

    [Fact]
    public async Task Four_processes_that_rebuild_one_index_at_the_same_time_end_with_one_whole_index()
    {
        const int Processes = 4;
        const int Rebuilds = 5;
        var url = ScenarioStore.FreshUrl() ?? $"file://{_folder}/store?fsync=false";
        await using var store = ScenarioStore.Open(url);
        await using var team = new Team(store);
        var index = team.NewIndex();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        for (var i = 0; i < 40; i++)
            await bob.WriteTextAsync(Text(i), Text(i));
        var all = await alice.AllAsync();
        await OtherProcess.RunAllAsync([.. Enumerable.Range(0, Processes).Select(_ =>
            OtherProcess.Start("rebuild", url, index, team.Bob.ExportText(), alice.Me.ToString(), Text(Rebuilds), string.Join(' ', all)))]);

        Assert.True(File.Exists(Path.ChangeExtension(index, $"index-{1 + (Processes * Rebuilds)}.db")));
        Assert.Equal(all, await (await team.OpenAsync(team.Bob, index)).AllAsync());
    }

    [Fact]
    public async Task Sixteen_processes_that_write_and_read_one_vault_end_with_one_listing_and_one_content()
    {
        const int Processes = 16;
        // A server has as many answers to give for each of them as it has versions.
        var rounds = ScenarioStore.FreshUrl() is null ? 4 : 2;
        var url = ScenarioStore.FreshUrl() ?? $"file://{_folder}/store?fsync=false";
        await using var store = ScenarioStore.Open(url);
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync([new(team.Bob.Public, AccessLevel.Write), new(team.Carol.Public, AccessLevel.Admin)]);
        PrivateId[] people = [team.Alice, team.Bob, team.Carol];
        var said = await OtherProcess.RunAllAsync(
            [.. Enumerable.Range(0, Processes).Select(number =>
                OtherProcess.Start("busy", url, team.NewIndex(), people[number % people.Length].ExportText(), alice.Me.ToString(), Text(rounds), Text(number)))],
            "worked");

        for (var share = 0; share < BusyPeer.Shares; share++)
        {
            var here = await BusyPeer.DescribeAsync(alice, share);
            Assert.StartsWith($"{Processes * BusyPeer.VersionsOf(rounds)} versions, 0 findings, ", here, StringComparison.Ordinal);
            Assert.All(said.Where((_, number) => number % BusyPeer.Shares == share), one => Assert.Equal(here, one.TrimEnd()));
        }
        Assert.Equal((Processes * rounds * (1 + BusyPeer.FilesOfBatch)) - Processes + 3, (await alice.AllAsync()).Length);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
