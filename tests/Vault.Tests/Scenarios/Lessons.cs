using Coffer.Vaults.Commits;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Tests.Ledger;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Each is something that another system was seen to get wrong, and what must hold here.</summary>
public sealed class Lessons
{
    [Fact]
    public async Task One_sync_brings_everything_however_much()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.WriteManyAsync([.. Enumerable.Range(0, 2500).Select(static i => new FileWrite($"batch/{i}", Bytes(20)))]);
        for (var i = 0; i < 150; i++)
            await alice.WriteTextAsync($"single/{i}", "x");
        var report = await bob.SyncAsync();
        Assert.Equal(151, report.Commits);
        Assert.Equal(2650, (await bob.NamesAsync("", new ListFilesOptions { Recursive = true })).Length);
        Assert.Equal(0, (await bob.SyncAsync()).Commits);
        Assert.Equal(2650, (await bob.GetStatusAsync()).Files);
    }

    [Fact]
    public async Task A_readers_write_is_refused_where_it_is_made_and_by_every_peer_when_it_is_forged()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        await alice.WriteTextAsync("a", "1");
        await carol.SyncAsync();
        await Assert.ThrowsAsync<AccessDeniedException>(() => carol.WriteTextAsync("b", "1"));
        await Assert.ThrowsAsync<AccessDeniedException>(() => carol.DeleteAsync("a"));
        await Assert.ThrowsAsync<AccessDeniedException>(() => carol.SetAttributesAsync("a", new byte[] { 1 }));
        await Assert.ThrowsAsync<AccessDeniedException>(() => carol.WriteManyAsync([new FileWrite("b", Bytes(100_000))]));
        Assert.Empty(await team.Store.KeysAsync(DataKeys));

        using var forger = await Forger.BeginAsync(team, team.Carol);
        await forger.PutAsync(forger.Seal("b", "forged"));
        foreach (var peer in (Vault[])[alice, bob, carol, await team.OpenAsync(team.Bob)])
        {
            Assert.Equal(["a"], await peer.AllAsync());
            Assert.Contains(peer.Findings(FindingKind.Refused), finding => finding.Member == carol.Me);
            Assert.Equal(1, (await peer.GetStatusAsync()).Refused);
        }
    }

    [Fact]
    public async Task A_peer_that_was_open_goes_on_after_a_key_rotation()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Write);
        await alice.RotateKeyAsync();
        await alice.WriteTextAsync("a", "second epoch");
        Assert.Equal("second epoch", await bob.ReadTextAsync("a"));
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.None);
        await bob.WriteTextAsync("b", "third epoch");
        Assert.Equal("third epoch", await alice.ReadTextAsync("b"));
        Assert.Equal(3, (await bob.GetStatusAsync()).Epoch);
        Assert.Empty(bob.GetFindings());
    }

    [Fact]
    public async Task Files_of_a_removed_member_stay_readable_for_who_joins_later_and_name_their_author()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("small", "his");
        await bob.WriteAsync("large", Bytes(200_000));
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.None);
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        Assert.Equal("his", await carol.ReadTextAsync("small"));
        Assert.Equal(200_000, (await carol.ReadBytesAsync("large")).Length);
        Assert.Equal(team.Bob.Public, (await carol.StatAsync("small"))!.Author);
        Assert.Equal(["large", "small"], await alice.AllAsync());
    }

    [Fact]
    public async Task Every_call_of_every_peer_means_the_same_version_by_newest_however_it_came_to_its_index()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        var bobsCommits = "";
        var late = new HookedStore(team.Store) { Hides = key => bobsCommits.Length > 0 && key.StartsWith(bobsCommits, StringComparison.Ordinal) };
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Write, store: late);

        await bob.WriteTextAsync("a", "1 of bob");
        bobsCommits = (await team.Store.KeysAsync(CommitKeys)).Single()[..^13];
        await carol.WriteTextAsync("a", "2 of carol");
        await alice.SyncAsync();
        await alice.WriteTextAsync("a", "3 of alice");
        Assert.Equal("3 of alice", await carol.ReadTextAsync("a"));
        bobsCommits = "";
        Vault[] peers = [alice, bob, carol, await team.OpenAsync(team.Alice), await team.OpenAsync(team.Carol)];
        await bob.RebuildIndexAsync();
        var expected = Array.Empty<string>();
        foreach (var peer in peers)
        {
            await peer.SyncAsync();
            var versions = await peer.GetVersionsAsync("a");
            Assert.Equal(3, versions.Count);
            expected = expected.Length == 0 ? [.. versions.Select(static version => version.Id)] : expected;
            Assert.Equal(expected, versions.Select(static version => version.Id));
            Assert.Equal("3 of alice", await peer.ReadTextAsync("a"));
            Assert.Equal(versions[^1].Id, (await peer.StatAsync("a"))!.Id);
            await foreach (var entry in peer.ListAsync())
                Assert.Equal(versions[^1].Id, entry.File!.Id);
        }

        await carol.DeleteAsync("a");
        foreach (var peer in peers)
        {
            Assert.Empty(await peer.AllAsync());
            Assert.Null(await peer.StatAsync("a"));
            await Assert.ThrowsAsync<FileNotFoundInVaultException>(() => peer.ReadTextAsync("a"));
            Assert.Equal("1 of bob", await peer.ReadTextAsync("a", expected[0]));
        }
    }

    [Fact]
    public async Task A_listing_has_everything_at_first_and_again_when_the_cooldown_has_passed()
    {
        var time = new JumpingTime();
        await using var team = new Team(time: time) { Cooldown = TimeSpan.FromSeconds(10) };
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("first", "");
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Read);
        Assert.Equal(["first"], await bob.NamesAsync());
        time.Jump(TimeSpan.FromSeconds(11));
        await alice.WriteTextAsync("second", "");
        Assert.Equal(["first", "second"], await alice.NamesAsync());
        // The marker is written at most once a second, and before its process ends.
        await team.CloseAsync(alice);
        Assert.Equal(["first", "second"], await bob.NamesAsync());
    }

    [Fact]
    public async Task One_damaged_head_is_reported_and_all_others_arrive()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Write);
        await bob.WriteTextAsync("bob", "1");
        var damaged = Assert.Single(await team.Store.KeysAsync(CommitKeys));
        await team.Store.FlipAsync(damaged, CommitHeader.Size + 20);
        await carol.WriteTextAsync("carol", "1");
        for (var i = 0; i < 5; i++)
            await alice.WriteTextAsync($"alice {i}", "1");

        var newcomer = await team.OpenAsync(team.Carol);
        Assert.Equal(["alice 0", "alice 1", "alice 2", "alice 3", "alice 4", "carol"], await newcomer.AllAsync());
        Assert.Contains(newcomer.Findings(FindingKind.Junk), finding => finding.Subject.EndsWith(damaged[CommitKeys.Length..], StringComparison.Ordinal) && finding.NamesStore);
    }

    [Fact]
    public async Task One_commit_that_the_store_cannot_read_now_keeps_no_other_from_arriving()
    {
        await using var store = new HookedStore(ScenarioStore.Create());
        await using var team = new Team(store);
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        for (var i = 0; i < 5; i++)
            await alice.WriteTextAsync($"alice {i}", "1");
        var unwell = (await store.KeysAsync(CommitKeys))[2];
        store.FailsToRead = key => key == unwell;

        await Assert.ThrowsAsync<StoreException>(() => bob.SyncAsync());
        store.FailsToRead = static _ => false;

        Assert.Equal(1, (await bob.SyncAsync()).Commits);
        Assert.Equal(5, (await bob.AllAsync()).Length);
    }

    [Fact]
    public async Task A_damaged_commit_that_is_put_back_is_read_at_last()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await bob.WriteTextAsync("bob 1", "1");
        var key = Assert.Single(await team.Store.KeysAsync(CommitKeys));
        var good = await team.Store.GetAsync(key);
        await team.Store.FlipAsync(key, CommitHeader.Size + 20);
        Assert.Empty(await alice.AllAsync());
        await bob.WriteTextAsync("bob 2", "1");
        Assert.Empty(await alice.AllAsync());
        Assert.Equal(1, (await alice.GetStatusAsync()).Waiting);
        await team.Store.SetAsync(key, good);
        Assert.Equal(["bob 1", "bob 2"], await alice.AllAsync());
    }

    [Fact]
    public async Task A_body_that_was_swapped_with_another_is_found_out()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteAsync("x/same.bin", Bytes(100_000, 1));
        await alice.WriteAsync("y/same.bin", Bytes(100_000, 2));
        var objects = await team.Store.KeysAsync(DataKeys);
        var (first, second) = (await team.Store.GetAsync(objects[0]), await team.Store.GetAsync(objects[1]));
        Assert.Equal(first.Length, second.Length);
        await team.Store.SetAsync(objects[0], second);
        await team.Store.SetAsync(objects[1], first);
        await Assert.ThrowsAsync<BodyDamagedException>(() => alice.ReadBytesAsync("x/same.bin"));
        await Assert.ThrowsAsync<BodyDamagedException>(() => alice.ReadBytesAsync("y/same.bin"));
    }

    [Fact]
    public async Task Equal_contents_under_equal_names_have_nothing_in_common_on_the_store()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteAsync("x/same.bin", Bytes(100_000));
        await alice.WriteAsync("y/same.bin", Bytes(100_000));
        var objects = await team.Store.KeysAsync(DataKeys);
        var (first, second) = (await team.Store.GetAsync(objects[0]), await team.Store.GetAsync(objects[1]));
        // By chance 1 byte in 256 is equal.
        Assert.InRange(first.Zip(second).Count(static pair => pair.First == pair.Second), 0, 800);
    }

    [Fact]
    public async Task A_copy_of_an_old_block_under_a_new_name_gives_nobody_anything()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.SetAccessAsync(bob.Me, AccessLevel.None);
        var blocks = await team.Store.KeysAsync(LedgerKeys);
        await team.Store.SetAsync(Slot(4), await team.Store.GetAsync(blocks[1]));

        await alice.SyncAsync();
        Assert.DoesNotContain(await alice.GetMembersAsync(), member => member.Id == bob.Me);
        Assert.Contains(alice.Findings(FindingKind.Junk), static finding => finding.Subject == LedgerNames.Subject(4));
        await alice.RotateKeyAsync();
        await alice.WriteTextAsync("secret", "1");
        await bob.SyncAsync();
        Assert.Null(await bob.StatAsync("secret"));
        using var forger = await Forger.BeginAsync(team, team.Bob);
        Assert.Equal([true, false, false], new long[] { 1, 2, 3 }.Select(forger.Has));
    }

    [Fact]
    public async Task Junk_in_the_ledger_stops_nobody_and_a_strangers_block_is_not_applied()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.Write);
        await team.Store.SetAsync(Slot(3), "no block"u8.ToArray());
        using var strangers = await Forger.BeginAsync(team, team.Alice);
        using var stranger = PrivateId.Create();
        var tip = strangers.Chain.Tip;
        var block = new Block(stranger.Public, tip.VaultId, 4, 3, tip.Hash, 0, null, [new ConfigureChange([new SettingValue(VaultSetting.Quota, 1)])]);
        await team.Store.SetAsync(Slot(4), BlockCodec.Sign(block, stranger));
        var writers = new Block(team.Bob.Public, tip.VaultId, 5, 3, tip.Hash, 0, null, [new ConfigureChange([new SettingValue(VaultSetting.Quota, 1)])]);
        await team.Store.SetAsync(Slot(5), BlockCodec.Sign(writers, team.Bob));

        var bob = await team.OpenAsync(team.Bob);
        Assert.Null(bob.Settings.Quota);
        await bob.WriteTextAsync("a", "1");
        await alice.SetAccessAsync(team.Carol.Public, AccessLevel.Read);
        Assert.Equal(Slot(6), (await team.Store.KeysAsync(LedgerKeys))[^1]);
        Assert.Equal("1", await (await team.OpenAsync(team.Carol)).ReadTextAsync("a"));
        Assert.Equal(3, alice.Findings(FindingKind.Junk).Count());
    }

    [Fact]
    public async Task The_newest_block_cannot_be_deleted_unnoticed_and_is_put_back()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.SetAccessAsync(team.Bob.Public, AccessLevel.None);
        await team.Store.RemoveAsync(Slot(3));
        await alice.SyncAsync();
        Assert.Contains(alice.Findings(FindingKind.Absence), static finding => finding.Subject == LedgerNames.Subject(3) && finding.NamesStore);
        Assert.Equal(3, (await team.Store.KeysAsync(LedgerKeys)).Length);
        var carol = await team.JoinAsync(alice, team.Carol, AccessLevel.Read);
        Assert.DoesNotContain(await carol.GetMembersAsync(), member => member.Id == team.Bob.Public);
    }

    [Fact]
    public async Task A_hidden_commit_is_noticed_by_who_saw_it_and_by_who_reads_a_statement_of_who_did()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        await alice.WriteTextAsync("a", "1");
        var hidden = Assert.Single(await team.Store.KeysAsync(CommitKeys));
        await bob.SyncAsync();
        await bob.WriteTextAsync("b", "1");
        await team.Store.RemoveAsync(hidden);

        var newcomer = await team.OpenAsync(team.Bob);
        Assert.Equal(["b"], await newcomer.AllAsync());
        Assert.Contains(newcomer.Findings(FindingKind.Absence), finding => finding.Member == alice.Me && finding.Subject.Contains(hidden[CommitKeys.Length..], StringComparison.Ordinal));
        await alice.RebuildIndexAsync();
        Assert.Contains(alice.Findings(FindingKind.Absence), finding => finding.Subject.Contains(hidden[CommitKeys.Length..], StringComparison.Ordinal));
    }

    private static string Slot(long slot) => LedgerNames.Name("users", slot);

    [Fact]
    public async Task A_marker_that_is_written_while_it_is_read_says_that_there_may_be_news_and_is_no_error()
    {
        await using var team = new Team();
        var store = new HookedStore(team.Store) { Pretended = new StoreCapabilities { IfAbsent = true } };
        var alice = await team.CreateAsync(store: store);
        var bob = await team.JoinAsync(alice, team.Bob, AccessLevel.Write);
        store.BeforeRead = static key => key == "users/changed"
            ? throw new StoreException(StoreErrorKind.ConditionFailed, "'users/changed' was replaced after 0 of its 16 bytes had been read.")
            : Task.CompletedTask;
        await bob.WriteTextAsync("file", "text");
        Assert.Equal(["file"], await alice.NamesAsync());
    }

    [Fact]
    public async Task A_call_to_a_vault_that_was_closed_says_so()
    {
        await using var team = new Team();
        var alice = await team.CreateAsync();
        await alice.WriteTextAsync("file", "text");
        await alice.DisposeAsync();
        Func<Task>[] calls =
        [
            () => alice.WriteTextAsync("file", "again"),
            () => alice.WriteTextAsync("file", "later", new WriteOptions { Mode = WriteMode.Async }),
            () => alice.DeleteAsync("file"),
            () => alice.ReadBytesAsync("file"),
            () => alice.StatAsync("file"),
            () => alice.NamesAsync(),
            () => alice.SyncAsync(),
            () => alice.HousekeepAsync(),
            () => alice.RebuildIndexAsync(),
            () => alice.SetAccessAsync(team.Bob.Public, AccessLevel.Read),
            () => alice.WaitFilesAsync(),
            () => alice.GetPositionAsync(),
        ];
        foreach (var call in calls)
            Assert.Equal(nameof(Vault), (await Assert.ThrowsAsync<ObjectDisposedException>(call)).ObjectName.Split('.')[^1]);
        await alice.DisposeAsync();
    }
}
