using Coffer.Stores;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>How much a vault may have on its store: checked by who writes, and the same sum for all.</summary>
public sealed class The_quota : IAsyncDisposable
{
    private const int Large = 100_000;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly WriteOptions ForADay = new() { Life = Day };
    private static readonly HousekeepOptions WithBodies = new() { Bodies = true };

    private readonly JumpingTime _time = new();
    private readonly MemoryStore _memory;
    private readonly Team _team;

    public The_quota()
    {
        _memory = new MemoryStore("limited", _time);
        _team = new Team(_memory, _time);
    }

    [Fact]
    public async Task What_has_ended_makes_room_for_every_device_whoever_tidies_up()
    {
        var alice = await _team.CreateAsync(new VaultSettings { Quota = 150_000 });
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        await alice.WriteAsync("a", Bytes(Large), ForADay);
        await bob.SyncAsync();
        await Assert.ThrowsAsync<VaultQuotaException>(() => bob.WriteAsync("b", Bytes(Large), ForADay));

        // It may be on the store until the grace time is over too.
        _time.Jump(2 * Day);
        await Assert.ThrowsAsync<VaultQuotaException>(() => bob.WriteAsync("b", Bytes(Large), ForADay));
        _time.Jump(7 * Day);
        Assert.Equal(1, (await alice.HousekeepAsync(WithBodies)).BodiesDeleted);
        await bob.WriteAsync("b", Bytes(Large), ForADay);
        await alice.SyncAsync();
        await Assert.ThrowsAsync<VaultQuotaException>(() => alice.WriteAsync("c", Bytes(Large)));

        var allocated = await AllocatedAsync(alice);
        Assert.InRange(allocated, Large, Large + 1_000);
        var carol = await _team.JoinAsync(alice, _team.Carol, AccessLevel.Write);
        await carol.SyncAsync();
        await bob.RebuildIndexAsync();
        Assert.Equal([allocated, allocated], [await AllocatedAsync(bob), await AllocatedAsync(carol)]);
    }

    [Fact]
    public async Task Objects_that_another_peer_deleted_are_forgotten_by_the_next_housekeeping()
    {
        var alice = await _team.CreateAsync();
        var bob = await _team.JoinAsync(alice, _team.Bob, AccessLevel.Write);
        await alice.WriteAsync("a", Bytes(Large), ForADay);
        await alice.WriteAsync("b", Bytes(Large));
        await bob.SyncAsync();
        _time.Jump(9 * Day);
        Assert.Equal(1, (await alice.HousekeepAsync(WithBodies)).BodiesDeleted);
        Assert.Equal(0, (await bob.HousekeepAsync(WithBodies)).BodiesDeleted);
        foreach (var vault in (Vault[])[alice, bob])
        {
            var status = await vault.GetStatusAsync();
            Assert.Equal(1, status.Objects);
            Assert.InRange(status.AllocatedBytes, Large, Large + 1_000);
        }
    }

    [Fact]
    public async Task A_clock_that_was_wrong_for_a_while_changes_nothing()
    {
        var alice = await _team.CreateAsync();
        await alice.WriteAsync("a", Bytes(Large), ForADay);
        await alice.WriteAsync("b", Bytes(Large), new WriteOptions { Life = 30 * Day });
        await alice.WriteAsync("c", Bytes(Large));
        var all = await AllocatedAsync(alice);
        foreach (var jump in (int[])[20, 365, -383, -2])
        {
            _time.Jump(jump * Day);
            await AllocatedAsync(alice);
        }
        Assert.Equal(all, await AllocatedAsync(alice));
        _time.Jump(9 * Day);
        Assert.InRange(await AllocatedAsync(alice), 2 * Large, (2 * Large) + 1_000);
    }

    private static async Task<long> AllocatedAsync(Vault vault) => (await vault.GetStatusAsync()).AllocatedBytes;

    public async ValueTask DisposeAsync()
    {
        await _team.DisposeAsync();
        await _memory.DisposeAsync();
    }
}
