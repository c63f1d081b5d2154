using Coffer.Testing;
using Xunit;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>What a store lists costs it nothing, so there is an end to what is made of it. The attacks show each listing; here is what it comes to.</summary>
public sealed class More_than_is_believed : IAsyncDisposable
{
    private readonly JumpingTime _time = new();
    private readonly Team _team;

    public More_than_is_believed() => _team = new Team(time: _time) { Bounds = new StoreBounds { Names = 10, Bodies = 100, Swept = 3 } };

    [Fact]
    public async Task Housekeeping_deletes_so_many_bodies_and_the_next_one_goes_on()
    {
        var alice = await _team.CreateAsync();
        await alice.WriteAsync("kept", TextFiles.Bytes(100_000));
        for (var i = 0; i < 5; i++)
            await _team.Store.SetAsync($"users/data/20200101000000/{new string('0', 25)}{i}", [1, 2, 3]);
        _time.Jump(TimeSpan.FromDays(8));
        var deleted = new List<long>();
        for (var i = 0; i < 3; i++)
            deleted.Add((await alice.HousekeepAsync()).BodiesDeleted);

        Assert.Equal([3, 2, 0], deleted);
        Assert.Equal(100_000, (await alice.ReadBytesAsync("kept")).Length);
    }

    [Fact]
    public async Task A_listing_that_goes_on_and_on_ends_with_an_error_that_says_so_and_nothing_is_lost()
    {
        await using var store = new MaliciousStore(_team.Store);
        var alice = await _team.CreateAsync(store: store);
        await alice.WriteTextAsync("a", "1");
        using (store.Tell(Lies.EndlessListing("users/commits/", static n => StoreKey.Parse($"users/commits/vvvvvvvvvvvvv/{n + 1:0000000000000}"))))
        {
            var fault = await Assert.ThrowsAsync<StoreException>(() => alice.SyncAsync());
            Assert.Equal((StoreErrorKind.Unexpected, StoreOperation.List, "users/commits/"), (fault.Kind, fault.Operation, fault.Key));
            Assert.Contains("more than 10 names", fault.Message, StringComparison.Ordinal);
            Assert.Equal("1", System.Text.Encoding.UTF8.GetString(await alice.ReadBytesAsync("a")));
        }
        await alice.WriteTextAsync("b", "2");

        Assert.Equal(["a", "b"], await alice.AllAsync());
        Assert.Empty(alice.GetFindings());
    }

    public ValueTask DisposeAsync() => _team.DisposeAsync();
}
