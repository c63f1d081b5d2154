using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.StoredObjects;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>What is deleted, and what may still be named, is judged by the store's time: a device whose own clock is days off does no harm, on stores whose listings tell the time and on those whose do not.</summary>
public sealed class Ages_by_the_time_of_the_store : IAsyncDisposable
{
    private const int Piece = 16 << 20;

    private static readonly TimeSpan Days = TimeSpan.FromDays(12);
    private static readonly HousekeepOptions WithBodies = new() { Bodies = true };

    private readonly JumpingTime _time = new();
    private readonly SetClock _bobs;
    private readonly MemoryStore _memory;
    private readonly Team _team;

    public Ages_by_the_time_of_the_store()
    {
        _bobs = new SetClock(_time);
        _memory = new MemoryStore("team", _time);
        _team = new Team(_memory, _time);
    }

    /// <summary>The store as a server of files shows it, which tells no time but of what was just written, or as others do.</summary>
    private HookedStore Link(bool tellsTime) => new(_memory) { TellsTime = tellsTime };

    private async Task<Vault> CreateAsync(bool tellsTime)
    {
        var alice = await _team.CreateAsync(store: Link(tellsTime));
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Write);
        return alice;
    }

    private Task<Vault> OpenBobAsync(HookedStore store, string? index = null) => _team.OpenAsync(_team.Bob, index, store, time: _bobs);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_that_is_days_ahead_deletes_no_body_whose_commit_is_about_to_come(bool tellsTime)
    {
        var alice = await CreateAsync(tellsTime);
        _bobs.Ahead = Days;
        await using var bob = await OpenBobAsync(Link(tellsTime));
        await using var store = Link(tellsTime);
        var second = await _team.OpenAsync(_team.Alice, store: store);
        HousekeepingReport? report = null;
        store.BeforeNext(CommitKeys, async () => report = await bob.HousekeepAsync(WithBodies));

        await second.WriteAsync("file", Bytes(50_000));

        Assert.Equal((0, null), (report?.BodiesDeleted, report?.NothingDeletedBecause));
        await alice.SyncAsync();
        Assert.Equal(50_000, (await alice.ReadBytesAsync("file")).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_nothing_names_goes_after_the_time_of_grace_whatever_the_local_clock_says(bool tellsTime)
    {
        await CreateAsync(tellsTime);
        await _memory.SetAsync($"{DataKeys}20200101000000/{new string('0', 26)}", new byte[10]);
        _bobs.Ahead = -Days;
        await using var bob = await OpenBobAsync(Link(tellsTime));

        Assert.Equal(0, (await bob.HousekeepAsync(WithBodies)).BodiesDeleted);
        _time.Jump(TimeSpan.FromDays(8));
        Assert.Equal(1, (await bob.HousekeepAsync(WithBodies)).BodiesDeleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_that_is_days_ahead_leaves_nothing_out_of_packs_that_still_lives(bool tellsTime)
    {
        var alice = await CreateAsync(tellsTime);
        for (var i = 0; i < 4; i++)
            await alice.WriteTextAsync($"file {i}", $"text {i}", new WriteOptions { Life = TimeSpan.FromDays(2) });
        _bobs.Ahead = Days;
        await using var bob = await OpenBobAsync(Link(tellsTime));

        Assert.Equal(4, (await bob.HousekeepAsync()).CommitsPacked);
        _time.Jump(TimeSpan.FromHours(1));
        Assert.Equal(4, (await bob.HousekeepAsync()).CommitsDeleted);

        var late = await _team.OpenAsync(_team.Alice, store: Link(tellsTime));
        foreach (var vault in (Vault[])[alice, late])
        {
            Assert.Equal("text 3", await vault.ReadTextAsync("file 3"));
            Assert.Empty(vault.GetFindings());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_was_left_behind_while_the_clock_was_ahead_is_not_sent_when_its_bodies_may_be_gone(bool tellsTime)
    {
        var alice = await CreateAsync(tellsTime);
        var index = _team.NewIndex();
        _bobs.Ahead = Days;
        await using (var store = new FaultyStore(Link(tellsTime)))
        await using (var bob = await Vault.OpenAsync(store, _team.Bob, new VaultOpenOptions { IndexPath = index, Creator = _team.Alice.Public, Environment = new VaultEnvironment { Time = _bobs } }))
        {
            store.Inject(new Fault { Operation = StoreOperation.Put, Times = int.MaxValue, Key = static key => key.StartsWith(CommitKeys, StringComparison.Ordinal) });
            await Assert.ThrowsAsync<StoreException>(() => bob.WriteAsync("old", Bytes(50_000)));
        }
        _bobs.Ahead = TimeSpan.Zero;
        _time.Jump(Days + TimeSpan.FromDays(1));
        Assert.Equal(1, (await alice.HousekeepAsync(WithBodies)).BodiesDeleted);

        await using var again = await OpenBobAsync(Link(tellsTime), index);
        await again.WriteTextAsync("new", "text");

        Assert.Equal(["new"], await alice.AllAsync());
        Assert.Contains("old", Assert.Single(again.Findings(FindingKind.Refused)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_clock_that_is_set_ahead_while_a_write_is_under_way_makes_its_bodies_no_older(bool tellsTime)
    {
        var alice = await CreateAsync(tellsTime);
        var store = Link(tellsTime);
        await using var bob = await OpenBobAsync(store);
        var isFirst = true;
        store.BeforePut = key =>
        {
            if (!isFirst || !key.StartsWith(CommitKeys, StringComparison.Ordinal))
                return Task.CompletedTask;
            isFirst = false;
            _bobs.Ahead = Days;
            throw new StoreException(StoreErrorKind.Unavailable, "Not now.");
        };

        await bob.WriteAsync("file", Bytes(50_000));

        Assert.False(isFirst);
        _bobs.Ahead = TimeSpan.Zero;
        _time.Jump(Days);
        await alice.SyncAsync();
        Assert.Equal(50_000, (await alice.ReadBytesAsync("file")).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_that_was_cut_off_while_the_clock_was_ahead_begins_anew_when_its_pieces_are_old(bool tellsTime)
    {
        var alice = await CreateAsync(tellsTime);
        var (index, source) = (_team.NewIndex(), Path.Combine(_team.Folder, "source"));
        var content = Pattern.Bytes(1, Piece + 1_000_000);
        await File.WriteAllBytesAsync(source, content, TestContext.Current.CancellationToken);
        _bobs.Ahead = Days;
        var store = Link(tellsTime);
        await using (var bob = await OpenBobAsync(store, index))
        {
            store.BeforePut = static key => key.StartsWith(CommitKeys, StringComparison.Ordinal) ? throw new StoreException(StoreErrorKind.PermissionDenied, "Not now.") : Task.CompletedTask;
            await Assert.ThrowsAsync<StoreException>(() => bob.WriteAsync("large", FileContent.FromFile(source)));
        }
        _bobs.Ahead = TimeSpan.Zero;
        _time.Jump(TimeSpan.FromDays(6));

        var link = Link(tellsTime);
        await using var again = await OpenBobAsync(link, index);
        await again.WriteAsync("large", FileContent.FromFile(source));

        Assert.Equal(2, link.Puts.Count(static key => key.StartsWith(DataKeys, StringComparison.Ordinal)));
        _time.Jump(TimeSpan.FromDays(2));
        Assert.Equal(2, (await alice.HousekeepAsync(WithBodies)).BodiesDeleted);
        await alice.SyncAsync();
        Assert.Equal(content, await alice.ReadBytesAsync("large"));
    }

    public async ValueTask DisposeAsync()
    {
        await _team.DisposeAsync();
        await _memory.DisposeAsync();
    }
}
