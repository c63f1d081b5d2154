using System.Globalization;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>Local clocks that jump by hours, back and forward, while the store's is right.</summary>
public sealed class Clocks_that_are_set : IAsyncDisposable
{
    private static readonly WriteOptions Async = new() { Mode = WriteMode.Async };

    /// <summary>When all that was ever stamped has come.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromHours(9);

    private readonly SetClock _alices = new();
    private readonly SetClock _bobs = new();
    private readonly SortedDictionary<string, int> _written = new(StringComparer.Ordinal);
    private readonly Team _team = new();

    /// <summary>By how many hours the clock is ahead, one after the other.</summary>
    public static TheoryData<string> Jumps => ["-3 0", "3 0", "-5 4 0", "4 -5 0", "1 2 3", "-1 -2 -3"];

    private static int[] Hours(string jumps) => [.. jumps.Split(' ').Select(static hour => int.Parse(hour, CultureInfo.InvariantCulture))];

    private Task<Vault> OpenAsync(PrivateId member, SetClock clock, string? index = null, IStore? store = null) => _team.OpenAsync(member, index, store, time: clock);

    private async Task<Vault> CreateAsync()
    {
        var creator = await _team.CreateAsync();
        await creator.SetAccessAsync(_team.Bob.Public, AccessLevel.Write);
        await _team.CloseAsync(creator);
        return await OpenAsync(_team.Alice, _alices);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task An_open_vault_whose_clock_jumps_writes_queues_schedules_and_keeps_house_and_loses_nothing(string jumps)
    {
        await using var alice = await CreateAsync();
        await using var bob = await OpenAsync(_team.Bob, _bobs);
        foreach (var hour in Hours(jumps))
        {
            await UseAsync(bob, "before");
            _bobs.Ahead = TimeSpan.FromHours(hour);
            await UseAsync(bob, "after");
            await UseAsync(alice, "alice");
        }
        await RequireOneHistoryAsync(alice, bob);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task A_vault_that_was_closed_while_its_clock_was_set_goes_on(string jumps)
    {
        await using var alice = await CreateAsync();
        var index = _team.NewIndex();
        foreach (var hour in Hours(jumps))
        {
            await using (var bob = await OpenAsync(_team.Bob, _bobs, index))
                await UseAsync(bob, "bob");
            _bobs.Ahead = TimeSpan.FromHours(hour);
            await UseAsync(alice, "alice");
        }
        await using var last = await OpenAsync(_team.Bob, _bobs, index);
        await UseAsync(last, "bob");
        await RequireOneHistoryAsync(alice, last);
    }

    [Theory]
    [InlineData(-4, 3)]
    [InlineData(5, 0)]
    [InlineData(0, -6)]
    public async Task Two_devices_whose_clocks_are_hours_apart_write_beside_each_other_and_end_with_one_history(int alices, int bobs)
    {
        await using var alice = await CreateAsync();
        (_alices.Ahead, _bobs.Ahead) = (TimeSpan.FromHours(alices), TimeSpan.FromHours(bobs));
        await using var bob = await OpenAsync(_team.Bob, _bobs);
        for (var i = 0; i < 5; i++)
            await Task.WhenAll(UseAsync(alice, "alice"), UseAsync(bob, "bob"));
        await RequireOneHistoryAsync(alice, bob);
    }

    [Fact]
    public async Task What_was_written_ahead_and_what_is_written_after_the_clock_was_mended_count_at_once_under_a_new_writer()
    {
        await using var alice = await CreateAsync();
        await using var bob = await OpenAsync(_team.Bob, _bobs);
        _bobs.Ahead = TimeSpan.FromHours(3);
        await bob.WriteTextAsync("ahead", "text");
        Assert.Empty(await alice.AllAsync());
        _bobs.Ahead = TimeSpan.Zero;
        await bob.WriteTextAsync("mended", "text");
        Assert.Equal(["ahead", "mended"], await alice.AllAsync());
        Assert.Equal(["ahead", "mended"], await bob.AllAsync());
        Assert.Equal(2, (await _team.Store.KeysAsync(StoredObjects.CommitKeys)).Select(static key => key[..^13]).Distinct().Count());
        _written.Add("ahead", 1);
        _written.Add("mended", 1);
        await RequireOneHistoryAsync(alice, bob);
    }

    [Fact]
    public async Task Who_follows_the_changes_is_told_last_that_a_version_counts_which_was_written_again_in_another_place()
    {
        await using var alice = await CreateAsync();
        await using var bob = await OpenAsync(_team.Bob, _bobs);
        await using var second = await OpenAsync(_team.Bob, new SetClock { Ahead = TimeSpan.FromHours(3) });
        _bobs.Ahead = TimeSpan.FromHours(3);
        var version = await bob.WriteTextAsync("ahead", "text");
        Assert.Equal(version.Id, (await second.StatAsync("ahead"))?.Id);
        var position = await second.GetPositionAsync();
        _bobs.Ahead = TimeSpan.Zero;
        await bob.WriteTextAsync("mended", "text");

        var changes = new List<(ChangeKind, string)>();
        await foreach (var change in second.WatchAsync(position, TestContext.Current.CancellationToken))
        {
            changes.Add((change.Kind, change.Version.Path));
            if (changes.Count == 3)
                break;
        }
        Assert.Equal([(ChangeKind.Withdrawn, "ahead"), (ChangeKind.Applied, "ahead"), (ChangeKind.Applied, "mended")], changes);
    }

    [Fact]
    public async Task What_waited_after_a_rebuild_because_the_clock_was_behind_is_told_once_more_when_it_counts()
    {
        await using var alice = await CreateAsync();
        await using var bob = await OpenAsync(_team.Bob, _bobs);
        await alice.WriteTextAsync("file", "text");
        await bob.SyncAsync();
        var position = await bob.GetPositionAsync();
        _bobs.Ahead = -TimeSpan.FromHours(30);
        await bob.RebuildIndexAsync();

        var withdrawn = await NextAsync(position);
        _bobs.Ahead = TimeSpan.Zero;
        var applied = await NextAsync(withdrawn.Position);

        Assert.Equal((ChangeKind.Withdrawn, "file"), (withdrawn.Kind, withdrawn.Version.Path));
        Assert.Equal((ChangeKind.Applied, "file"), (applied.Kind, applied.Version.Path));

        async Task<FileChange> NextAsync(ChangePosition from)
        {
            using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await foreach (var change in bob.WatchAsync(from, end.Token))
                return change;
            throw new InvalidOperationException("A watch ended.");
        }
    }

    /// <summary>Whether the store tells its time, and whether another member writes too: without either, nothing tells a clock that fell back from one that was mended.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task The_order_of_what_a_device_wrote_stays_whichever_way_its_clock_is_set(bool told, bool beside)
    {
        await using var alice = await CreateAsync();
        await using var store = new HookedStore(_team.Store) { TellsTime = told };
        await using var bob = await OpenAsync(_team.Bob, _bobs, store: store);
        string[] texts = [.. Enumerable.Range(0, 8).Select(static i => $"text {i}")];
        int[] hours = [0, -3, -3, 2, 0, -1, 4, 0];
        foreach (var (text, hour) in texts.Zip(hours))
        {
            _bobs.Ahead = TimeSpan.FromHours(hour);
            await bob.WriteTextAsync("file", text);
            Assert.Equal(text, await bob.ReadTextAsync("file"));
            if (hour > 0)
                continue;
            Assert.Equal(text, await alice.ReadTextAsync("file"));
            if (beside)
            {
                await alice.WriteTextAsync("beside", text);
                await bob.SyncAsync();
            }
        }
        foreach (var vault in (Vault[])[alice, bob])
        {
            var versions = await vault.GetVersionsAsync("file");
            Assert.Equal(texts, await Task.WhenAll(versions.Select(version => vault.ReadTextAsync("file", version.Id))));
        }
        _written.Add("file", texts.Length);
        if (beside)
            _written.Add("beside", hours.Count(static hour => hour <= 0));
        await RequireOneHistoryAsync(alice, bob);
    }

    [Theory]
    [InlineData(3, "ahead of")]
    [InlineData(-3, "behind")]
    public async Task A_device_whose_clock_is_not_that_of_the_store_says_so_once(int hours, string direction)
    {
        await using var alice = await CreateAsync();
        await alice.WriteTextAsync("file", "text");
        await alice.SyncAsync();
        Assert.Empty(alice.GetFindings());
        _alices.Ahead = TimeSpan.FromHours(hours);
        await alice.SyncAsync();
        await alice.SyncAsync();
        var finding = Assert.Single(alice.Findings(FindingKind.Clock));
        Assert.Contains($"it is 180 minutes {direction} it", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_scheduled_goes_when_the_clock_that_was_set_has_come_there_and_not_before()
    {
        await using var alice = await CreateAsync();
        await using var bob = await OpenAsync(_team.Bob, _bobs);
        await bob.WriteTextAsync("scheduled", "text", new WriteOptions { Mode = WriteMode.Scheduled, NotBefore = _bobs.GetUtcNow() + TimeSpan.FromHours(2) });
        foreach (var hour in (int[])[-3, 1, -1])
        {
            _bobs.Ahead = TimeSpan.FromHours(hour);
            await bob.WaitFilesAsync();
            await bob.HousekeepAsync();
            Assert.Equal("scheduled", Assert.Single(await bob.GetPendingAsync()).Path);
        }
        _bobs.Ahead = TimeSpan.FromHours(2.1);
        await bob.WaitFilesAsync();
        Assert.Empty(await bob.GetPendingAsync());
        _written.Add("scheduled", 1);
        await RequireOneHistoryAsync(alice, bob);
    }

    /// <summary>All that a device does: some of it waits elsewhere, as long as its clock is ahead, and nothing of it is refused.</summary>
    private async Task UseAsync(Vault vault, string name)
    {
        for (var i = 0; i < 2; i++)
        {
            await vault.WriteTextAsync(name, "text");
            await vault.WriteAsync($"large/{name}", Bytes(20_000));
            await vault.WriteTextAsync($"queued/{name}", "text", Async);
            await vault.WriteManyAsync([new($"batch/{name}/0", Content("0")), new($"batch/{name}/1", Content("1"))]);
            await vault.WaitFilesAsync();
            foreach (var path in (string[])[name, $"large/{name}", $"queued/{name}", $"batch/{name}/0", $"batch/{name}/1"])
            {
                lock (_written)
                    _written[path] = _written.GetValueOrDefault(path) + 1;
                // Whoever wrote it has it.
                Assert.NotEmpty(await vault.ReadBytesAsync(path));
            }
            await vault.SyncAsync();
            Assert.Null((await vault.HousekeepAsync(new HousekeepOptions { Bodies = true })).NothingDeletedBecause);
        }
    }

    /// <summary>When every moment that was stamped has come, all have each version once, in one order, and nobody was ever told of anything but clocks.</summary>
    private async Task RequireOneHistoryAsync(Vault alice, Vault bob)
    {
        (_alices.Ahead, _bobs.Ahead) = (Later, Later);
        await using var newcomer = await OpenAsync(_team.Alice, _alices);
        foreach (var vault in (Vault[])[alice, bob, newcomer])
        {
            Assert.Equal(_written.Keys, await vault.AllAsync());
            foreach (var (path, times) in _written)
            {
                var versions = await vault.GetVersionsAsync(path);
                Assert.Equal(times, versions.Count);
                Assert.Equal((await newcomer.GetVersionsAsync(path)).Select(static version => version.Id), versions.Select(static version => version.Id));
                foreach (var version in versions)
                    await vault.ReadBytesAsync(path, new ReadFileOptions { VersionId = version.Id });
            }
            var status = await vault.GetStatusAsync();
            Assert.Equal((0, 0), (status.Waiting, status.Refused));
            Assert.All(vault.GetFindings(), static found => Assert.Equal(FindingKind.Clock, found.Finding.Kind));
        }
    }

    public async ValueTask DisposeAsync() => await _team.DisposeAsync();
}
