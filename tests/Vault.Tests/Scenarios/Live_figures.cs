using Coffer.Stores;
using Coffer.Testing;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>The figures of a vault are those of what is there.</summary>
public sealed class Live_figures : IAsyncDisposable
{
    private readonly JumpingTime _time = new();
    private readonly MemoryStore _memory;
    private readonly CountingStore _counting;
    private readonly Team _team;

    public Live_figures()
    {
        _memory = new MemoryStore("figures", _time);
        _counting = new CountingStore(_memory);
        _team = new Team(_counting, _time) { Cooldown = TimeSpan.FromHours(10) };
    }

    [Fact]
    public async Task Sizes_objects_and_segments_are_told()
    {
        var alice = await _team.CreateAsync();
        await alice.WriteAsync("small", Bytes(10));
        await alice.WriteAsync("large", Bytes(100_000));
        _time.Jump(TimeSpan.FromDays(3));
        await alice.WriteAsync("larger", Bytes(40 << 20));
        await alice.WriteAsync("large", Bytes(50_000));

        var status = await alice.GetStatusAsync();

        Assert.Equal((3, 4, 10 + 50_000 + (40L << 20)), (status.Files, status.Versions, status.FileBytes));
        Assert.Equal((5, 2), (status.Objects, status.Segments));
        Assert.True(status.AllocatedBytes > 150_000 + (40 << 20));
        await alice.DeleteAsync("larger");
        Assert.Equal((2, 50_010), ((await alice.GetStatusAsync()).Files, (await alice.GetStatusAsync()).FileBytes));
    }

    [Fact]
    public async Task An_empty_vault_has_none()
    {
        var status = await (await _team.CreateAsync()).GetStatusAsync();

        Assert.Equal((0, 0, 0, 0), (status.FileBytes, status.Objects, status.Segments, status.Packs));
        Assert.Equal((0, 0), (status.PackBytes, status.LooseCommits));
    }

    [Fact]
    public async Task Commits_are_loose_until_a_pack_holds_them()
    {
        var alice = await _team.CreateAsync();
        for (var i = 0; i < 10; i++)
            await alice.WriteTextAsync($"{i}", "x");
        Assert.Equal((0, 10), ((await alice.GetStatusAsync()).Packs, (await alice.GetStatusAsync()).LooseCommits));
        _time.Jump(TimeSpan.FromDays(2));
        await alice.HousekeepAsync();
        await alice.WriteTextAsync("more", "x");

        var status = await alice.GetStatusAsync();

        var pack = Assert.Single(await _memory.ListAsync("users/packs/").ToListAsync());
        Assert.Equal((1, pack.Size, 1), (status.Packs, status.PackBytes, status.LooseCommits));
    }

    [Fact]
    public async Task The_requests_are_those_that_the_store_sees()
    {
        var alice = await _team.CreateAsync();
        await alice.WriteAsync("a", Bytes(20 << 20));
        await alice.ReadBytesAsync("a");
        await alice.SyncAsync();
        await alice.RebuildIndexAsync();
        _time.Jump(TimeSpan.FromDays(10));
        await _memory.PutBytesAsync(StoreKey.Parse($"users/data/20200101000000/{new string('0', 26)}"), new byte[10]);
        _time.Jump(TimeSpan.FromDays(10));
        await alice.HousekeepAsync();

        var status = await alice.GetStatusAsync();

        var seen = _counting.Counts;
        Assert.Equal((seen.Stat, seen.Read, seen.Delete, seen.List), (status.Requests.Stat, status.Requests.Read, status.Requests.Delete, status.Requests.List));
        // The marker may be under way.
        Assert.InRange(status.Requests.Put, seen.Put - 1, seen.Put + 1);
        Assert.Equal(1, status.Requests.Delete);
        Assert.Equal(status.Requests.Stat + status.Requests.Read + status.Requests.Put + status.Requests.Delete + status.Requests.List, status.Requests.Total);
    }

    [Fact]
    public async Task A_layer_that_is_looked_for_is_found_through_the_count()
    {
        await using var counted = new CountedStore(_counting);

        Assert.Same(_counting, counted.Find<CountingStore>());
        Assert.Same(_counting.Capabilities, counted.Capabilities);
        Assert.Equal(_counting.Name, counted.Name);
    }

    public async ValueTask DisposeAsync()
    {
        await _team.DisposeAsync();
        await _memory.DisposeAsync();
    }
}
