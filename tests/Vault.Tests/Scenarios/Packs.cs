using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Commits move into packs, packs into larger ones, and nobody notices.</summary>
public sealed class Packs : IAsyncDisposable
{
    private const string PackKeys = "users/packs/";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private readonly JumpingTime _time = new();
    private readonly MemoryStore _memory;
    private readonly Team _team;

    public Packs()
    {
        _memory = new MemoryStore("packed", _time);
        _team = new Team(_memory, _time);
    }

    [Fact]
    public async Task Commits_are_packed_after_their_segment_and_deleted_after_the_margin_and_everybody_reads_on()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        for (var i = 0; i < 10; i++)
        {
            await alice.WriteTextAsync($"a{i}", $"of alice {i}");
            await bob.WriteTextAsync($"b{i}", $"of bob {i}");
        }
        await bob.SyncAsync();

        Assert.Equal(0, (await alice.HousekeepAsync()).PacksMade);
        _time.Jump(2 * Day);
        var packed = await alice.HousekeepAsync();
        Assert.Equal((1, 20, 0), (packed.PacksMade, packed.CommitsPacked, packed.CommitsDeleted));
        Assert.Equal(20, (await _memory.KeysAsync(CommitKeys)).Length);
        Assert.False((await alice.HousekeepAsync()).DidAnything);

        _time.Jump(Margin);
        Assert.Equal(20, (await bob.HousekeepAsync()).CommitsDeleted);
        Assert.Empty(await _memory.KeysAsync(CommitKeys));
        Assert.Single(await _memory.KeysAsync(PackKeys));

        var carol = await _team.JoinAsync(alice, _team.Carol, AccessLevel.Write);
        foreach (var vault in (Vault[])[alice, bob, carol])
        {
            Assert.Equal(20, (await vault.AllAsync()).Length);
            Assert.Equal("of alice 3", await vault.ReadTextAsync("a3"));
            Assert.Equal("of bob 9", await vault.ReadTextAsync("b9"));
            Assert.Empty(vault.GetFindings());
        }
        await alice.WriteTextAsync("a3", "again");
        Assert.Equal("again", await carol.ReadTextAsync("a3"));
        await bob.RebuildIndexAsync();
        Assert.Equal("again", await bob.ReadTextAsync("a3"));
        Assert.Equal("of bob 0", await bob.ReadTextAsync("b0"));
        Assert.Empty(bob.GetFindings());
    }

    [Fact]
    public async Task Two_peers_that_pack_the_same_make_the_same_object()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        for (var i = 0; i < 8; i++)
            await alice.WriteTextAsync($"{i}", "x");
        _time.Jump(2 * Day);
        var hooked = new HookedStore(_memory);
        var other = await _team.OpenAsync(_team.Bob, store: hooked);
        hooked.BeforeNext(PackKeys, async () => Assert.Equal(1, (await alice.HousekeepAsync()).PacksMade));

        Assert.Equal(1, (await other.HousekeepAsync()).PacksMade);

        Assert.Single(await _memory.KeysAsync(PackKeys));
        Assert.Empty(bob.GetFindings());
    }

    [Fact]
    public async Task Who_was_removed_reads_on_what_it_could_read_when_that_is_packed_with_what_it_cannot()
    {
        var alice = await _team.CreateAsync();
        var counting = new CountingStore(_memory);
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write, store: counting);
        await alice.WriteTextAsync("before", "1");
        Assert.Equal("1", await bob.ReadTextAsync("before"));
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.None);
        for (var i = 0; i < 10; i++)
            await alice.WriteTextAsync("after", "2");
        _time.Jump(2 * Day);
        Assert.Equal(1, (await alice.HousekeepAsync()).PacksMade);
        _time.Jump(Margin);
        Assert.Equal(11, (await alice.HousekeepAsync()).CommitsDeleted);

        Assert.Equal("1", await bob.ReadTextAsync("before"));
        Assert.Null(await bob.StatAsync("after"));
        // And the pack is not read again and again.
        counting.Reset();
        await bob.SyncAsync();
        Assert.Equal(0, counting.Counts.Read);

        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Read);
        await bob.SyncAsync();
        Assert.Equal("2", await bob.ReadTextAsync("after"));
        Assert.Empty(bob.GetFindings());
    }

    [Fact]
    public async Task Many_loose_commits_do_not_wait_for_their_segment_to_end()
    {
        var alice = await _team.CreateAsync();
        for (var i = 0; i <= 1_000; i++)
            await alice.WriteTextAsync($"{i % 10}", $"{i}");

        var report = await alice.HousekeepAsync();

        Assert.Equal((1, 1_001), (report.PacksMade, report.CommitsPacked));
        var counting = new CountingStore(_memory);
        _time.Jump(Margin);
        await alice.HousekeepAsync();
        var again = await _team.OpenAsync(_team.Alice, store: counting);
        Assert.Equal(10, (await again.AllAsync()).Length);
        // The genesis block and the slot behind it, one pack, and a look at the marker.
        Assert.InRange(counting.Counts.Read, 1, 3);
    }

    [Fact]
    public async Task Small_packs_become_one_that_replaces_them_and_go_after_the_margin()
    {
        var alice = await _team.CreateAsync();
        for (var day = 0; day < 4; day++)
        {
            for (var i = 0; i < 16; i++)
                await alice.WriteTextAsync($"{day}/{i}", $"{day} {i}");
            _time.Jump(2 * Day);
            await alice.HousekeepAsync();
        }
        Assert.Equal(5, (await _memory.KeysAsync(PackKeys)).Length);

        _time.Jump(Margin);
        var report = await alice.HousekeepAsync();

        Assert.Equal(4, report.PacksDeleted);
        Assert.Single(await _memory.KeysAsync(PackKeys));
        Assert.Empty(await _memory.KeysAsync(CommitKeys));
        var again = await _team.OpenAsync(_team.Alice);
        Assert.Equal(64, (await again.AllAsync()).Length);
        Assert.Equal("3 5", await again.ReadTextAsync("3/5"));
        Assert.Equal("2 7", await alice.ReadTextAsync("2/7"));
        Assert.False((await alice.HousekeepAsync()).DidAnything);
    }

    [Fact]
    public async Task A_reader_whose_commit_or_pack_vanishes_before_it_reads_it_finds_it_elsewhere()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Read);
        for (var i = 0; i < 8; i++)
            await alice.WriteTextAsync($"{i}", $"text {i}");
        _time.Jump(2 * Day);
        await alice.HousekeepAsync();
        _time.Jump(Margin);
        var hidden = new HookedStore(_memory);
        var late = await _team.OpenAsync(_team.Bob, store: hidden);
        Assert.Equal("text 1", await late.ReadTextAsync("1"));
        await alice.HousekeepAsync();

        // Bob's device has listed the commits a moment ago, and reads a tail now that has moved.
        Assert.Equal("text 7", await late.ReadTextAsync("7"));
        Assert.Equal("text 7", await bob.ReadTextAsync("7"));
        Assert.Empty(late.GetFindings());
    }

    [Fact]
    public async Task Nothing_is_deleted_on_the_word_of_a_pack_that_is_damaged()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        for (var i = 0; i < 8; i++)
            await alice.WriteTextAsync($"{i}", "x");
        _time.Jump(2 * Day);
        await alice.HousekeepAsync();
        var pack = Assert.Single(await _memory.KeysAsync(PackKeys));
        await _memory.FlipAsync(pack, -1);
        _time.Jump(2 * Margin);

        Assert.Equal(0, (await bob.HousekeepAsync()).CommitsDeleted);

        Assert.Equal(8, (await _memory.KeysAsync(CommitKeys)).Length);
        Assert.Equal("x", await bob.ReadTextAsync("7"));
    }

    [Fact]
    public async Task A_pack_of_junk_is_reported_and_harms_nobody()
    {
        var alice = await _team.CreateAsync();
        await alice.WriteTextAsync("a", "x");
        await _memory.SetAsync($"{PackKeys}{new string('0', 13)}-{new string('0', 13)}-{new string('0', 52)}", new byte[1000]);

        var again = await _team.OpenAsync(_team.Alice);

        Assert.Equal("x", await again.ReadTextAsync("a"));
        Assert.Contains("pack", Assert.Single(again.Findings(FindingKind.Junk)).Subject, StringComparison.Ordinal);
        _time.Jump(6 * Day);
        Assert.Equal(0, (await again.HousekeepAsync()).PacksDeleted);
        _time.Jump(Day);
        Assert.Equal(1, (await again.HousekeepAsync()).PacksDeleted);
        Assert.Equal("x", await again.ReadTextAsync("a"));
    }

    [Fact]
    public async Task Junk_under_the_name_of_a_commit_goes_after_the_time_of_grace_unless_something_signed_vouches_for_that_name()
    {
        var alice = await _team.CreateAsync();
        await alice.WriteTextAsync("a", "1");
        await alice.WriteTextAsync("b", "2");
        var first = (await _memory.KeysAsync(CommitKeys))[0];
        await _memory.SetAsync(first, new byte[200]);
        await _memory.SetAsync($"{CommitKeys}{new string('0', 13)}/{new string('0', 12)}1", new byte[200]);
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        _time.Jump(8 * Day);

        Assert.NotNull((await bob.HousekeepAsync()).NothingDeletedBecause);
        Assert.Equal(3, (await _memory.KeysAsync(CommitKeys)).Length);
        Assert.Equal(1, (await alice.HousekeepAsync()).JunkDeleted);
        Assert.Contains(first, await _memory.KeysAsync(CommitKeys));
    }

    [Fact]
    public async Task Where_deletes_are_refused_commits_are_packed_and_stay_and_packs_are_not_merged()
    {
        var store = new FaultyStore(_memory);
        var alice = await _team.CreateAsync(store: store);
        store.Inject(Fault.Before(StoreOperation.Delete, StoreErrorKind.PermissionDenied) with { Times = int.MaxValue });
        for (var day = 0; day < 10; day++)
        {
            for (var i = 0; i < 8; i++)
                await alice.WriteTextAsync($"{day}/{i}", "x");
            _time.Jump(2 * Day);
            var report = await alice.HousekeepAsync();
            Assert.Equal(1, report.PacksMade);
            if (day > 0)
                Assert.Contains("refuses deletes", report.NothingDeletedBecause, StringComparison.Ordinal);
        }
        Assert.Equal(10, (await _memory.KeysAsync(PackKeys)).Length);
        Assert.Equal(80, (await _memory.KeysAsync(CommitKeys)).Length);
        Assert.Equal(80, (await (await _team.OpenAsync(_team.Alice)).AllAsync()).Length);
    }

    [Fact]
    public async Task What_has_ended_leaves_its_pack_and_the_chain_holds()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        for (var i = 0; i < 40; i++)
            await alice.WriteAsync($"{i}", Bytes(4096), new WriteOptions { Life = i < 32 ? 3 * Day : null });
        _time.Jump(2 * Day);
        await alice.HousekeepAsync();
        var before = (await _memory.StatAsync(StoreKey.Parse(Assert.Single(await _memory.KeysAsync(PackKeys)))))!.Size;
        _time.Jump(2 * Day);
        await alice.HousekeepAsync();
        Assert.Equal(2, (await _memory.KeysAsync(PackKeys)).Length);
        _time.Jump(2 * Margin);
        Assert.Equal(1, (await alice.HousekeepAsync()).PacksDeleted);
        var after = (await _memory.StatAsync(StoreKey.Parse(Assert.Single(await _memory.KeysAsync(PackKeys)))))!.Size;
        Assert.InRange(after, 8 * 4096, (before / 4) + 8192);

        var again = await _team.OpenAsync(_team.Bob);
        foreach (var vault in (Vault[])[alice, bob, again])
        {
            Assert.Equal(8, (await vault.AllAsync()).Length);
            Assert.Equal(4096, (await vault.ReadBytesAsync("39")).Length);
            Assert.Empty(vault.GetFindings());
        }
        await alice.WriteTextAsync("more", "x");
        Assert.Equal("x", await again.ReadTextAsync("more"));
    }

    [Fact]
    public async Task Bodies_go_when_their_time_and_the_time_of_grace_have_ended_and_so_do_those_that_nothing_names()
    {
        var alice = await _team.CreateAsync();
        await alice.WriteAsync("short", Bytes(100_000), new WriteOptions { Life = Day });
        await alice.WriteAsync("long", Bytes(100_000));
        await _memory.SetAsync($"{DataKeys}20200101000000/{new string('0', 26)}", new byte[10]);
        Assert.Equal(3, (await _memory.KeysAsync(DataKeys)).Length);

        _time.Jump(6 * Day);
        Assert.Equal(0, (await alice.HousekeepAsync()).BodiesDeleted);
        _time.Jump(3 * Day);
        var report = await alice.HousekeepAsync();

        Assert.Equal(2, report.BodiesDeleted);
        Assert.InRange(report.BytesFreed, 100_010, 101_000);
        Assert.Single(await _memory.KeysAsync(DataKeys));
        Assert.Equal(100_000, (await alice.ReadBytesAsync("long")).Length);
        Assert.InRange((await alice.GetStatusAsync()).AllocatedBytes, 100_000, 101_000);
    }

    public async ValueTask DisposeAsync()
    {
        await _team.DisposeAsync();
        await _memory.DisposeAsync();
    }
}
