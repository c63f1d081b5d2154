using System.Buffers.Binary;
using System.Globalization;
using Coffer.Vaults.Tests.Crashes;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Processes that share the files of one device, and do different things with them at the same time.</summary>
public sealed class One_index_and_its_processes : IDisposable
{
    /// <summary>Of the epoch in the header of a commit (docs/format.md, section 6).</summary>
    private const int EpochOffset = 34;

    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-shared-").FullName;

    [Fact]
    public async Task Processes_on_one_index_that_write_queue_read_rebuild_and_keep_house_at_once_see_one_vault_and_lose_nothing()
    {
        const int Rounds = 5;
        var url = $"file://{_folder}/store?fsync=false";
        await using var store = ScenarioStore.Open(url);
        await using var team = new Team(store);
        var index = team.NewIndex();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        // Two of them write and read; of the others, one begins the index anew, one keeps house, and one queues, all the time.
        string[] roles = ["busy", "busy", "rebuild-and-write", "housekeep-and-write", "queue", "read"];
        var said = await OtherProcess.RunAllAsync(
            [.. roles.Select((role, number) => OtherProcess.Start(role, url, index, team.Bob.ExportText(), alice.Me.ToString(), Text(Rounds), Text((number * BusyPeer.Shares) + 16)))],
            "worked");

        var here = await BusyPeer.DescribeAsync(alice, share: 0);
        Assert.All(said, one => Assert.Equal(here, one.TrimEnd()));
        Assert.Contains(" 0 findings, ", here, StringComparison.Ordinal);
        var versions = (2 * BusyPeer.VersionsOf(Rounds)) + (3 * Rounds);
        Assert.StartsWith($"{versions} versions, ", here, StringComparison.Ordinal);
        var bob = await team.OpenAsync(team.Bob, index);
        Assert.Equal(here, await BusyPeer.DescribeAsync(bob, share: 0));
        Assert.Empty(await bob.GetPendingAsync());
        await team.CloseAsync(bob);
        LocalFiles.RequireWhole(index);
        // Of the indexes that were made one is left.
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(index)!, "*.index-*.db"));
        Assert.Empty(Directory.GetFiles(Path.ChangeExtension(index, ".spool")));
    }

    [Fact]
    public async Task What_one_of_them_has_read_of_the_ledger_holds_for_what_another_one_writes()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        var index = team.NewIndex();
        var writing = await team.OpenAsync(team.Bob, index, cooldown: TimeSpan.FromHours(1));
        var syncing = await team.OpenAsync(team.Bob, index, cooldown: TimeSpan.FromHours(1));
        await writing.WriteTextAsync("before", "1");
        var before = await team.Store.KeysAsync(StoredObjects.CommitKeys);
        await alice.RotateKeyAsync();
        await syncing.SyncAsync();

        await writing.WriteTextAsync("after", "1");
        var commit = Assert.Single((await team.Store.KeysAsync(StoredObjects.CommitKeys)).Except(before));
        Assert.Equal(2UL, BinaryPrimitives.ReadUInt64BigEndian((await team.Store.GetAsync(commit)).AsSpan(EpochOffset)));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
