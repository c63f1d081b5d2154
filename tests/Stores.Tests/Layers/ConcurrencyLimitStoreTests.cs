using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class ConcurrencyLimitStoreTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a");

    private readonly ScriptedStore _inner = new(new MemoryStore("test", new ManualTime()));
    private readonly ConcurrencyLimitStore _store;

    public ConcurrencyLimitStoreTests() => _store = new ConcurrencyLimitStore(_inner, new ConcurrencyLimitOptions { Reads = 1, Writes = 2 });

    [Fact]
    public void No_more_puts_are_sent_at_a_time_than_the_limit_says_and_in_the_order_in_which_they_came() => SingleThread.Run(async () =>
    {
        var go = new TaskCompletionSource();
        var inside = 0;
        var most = 0;
        _inner.Before = async (_, _, _) =>
        {
            most = Math.Max(most, ++inside);
            await go.Task;
            await Task.Yield();
            inside--;
        };

        var puts = Enumerable.Range(0, 10).Select(i => _store.PutTextAsync(StoreKey.Parse($"k{i}"), "x").AsTask()).ToList();
        Assert.Equal(2, _inner.Calls.Count);
        go.SetResult();
        await Task.WhenAll(puts);

        Assert.Equal(2, most);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"Put k{i}"), _inner.Calls);
    });

    [Fact]
    public async Task A_read_holds_its_permit_until_its_reader_is_disposed()
    {
        await _store.PutTextAsync(Key, "x");
        var reader = await _store.OpenReadAsync(Key);
        var waits = _store.StatAsync(Key).AsTask();
        Assert.False(waits.IsCompleted);

        await reader.DisposeAsync();

        Assert.NotNull(await waits);
    }

    [Fact]
    public async Task A_read_that_fails_gives_its_permit_back()
    {
        await Assert.ThrowsAsync<StoreException>(async () => await _store.OpenReadAsync(Key));

        Assert.Null(await _store.StatAsync(Key));
    }

    [Fact]
    public async Task An_object_can_be_copied_within_the_store_at_the_smallest_limit()
    {
        var store = new ConcurrencyLimitStore(_inner, new ConcurrencyLimitOptions { Reads = 1, Writes = 1 });
        await store.PutTextAsync(StoreKey.Parse("x/1"), "1");
        await store.PutTextAsync(StoreKey.Parse("x/2"), "2");

        Assert.Equal(2, await store.CopyTreeAsync("x/", new PrefixStore(store, StoreKey.Parse("copy"))));

        Assert.Equal("2", await store.ReadTextAsync(StoreKey.Parse("copy/x/2")));
    }

    [Fact]
    public async Task A_listing_holds_no_permit_while_its_entries_are_used()
    {
        await _store.PutTextAsync(Key, "x");
        await _store.PutTextAsync(StoreKey.Parse("b"), "y");
        var contents = new List<string>();

        await foreach (var entry in _store.ListAsync())
            contents.Add(await _store.ReadTextAsync(entry.Key));

        Assert.Equal(["x", "y"], contents);
    }

    [Fact]
    public async Task A_listing_asks_for_no_more_than_a_page_ahead()
    {
        for (var i = 0; i < 10; i++)
            await _store.PutTextAsync(StoreKey.Parse($"k{i}"), "x");
        var asked = 0;
        _inner.ChangeListing = entries => entries.Select(e =>
        {
            asked++;
            return e;
        });

        await foreach (var _ in _store.ListAsync("", new ListOptions { PageSize = 3 }))
            break;

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_listing_that_fails_gives_first_what_it_had()
    {
        for (var i = 0; i < 5; i++)
            await _store.PutTextAsync(StoreKey.Parse($"k{i}"), "x");
        _inner.ChangeListing = entries => entries.Select(e => e.Name == "k3" ? throw ScriptedStore.Error(StoreErrorKind.Unavailable) : e);
        var given = new List<string>();

        await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await foreach (var entry in _store.ListAsync())
                given.Add(entry.Name);
        });

        Assert.Equal(["k0", "k1", "k2"], given);
        Assert.NotNull(await _store.StatAsync(StoreKey.Parse("k0")));
    }

    [Fact]
    public async Task Who_is_cancelled_while_waiting_sends_nothing()
    {
        await _store.PutTextAsync(Key, "x");
        await using var reader = await _store.OpenReadAsync(Key);
        using var source = new CancellationTokenSource();
        var calls = _inner.Calls.Count;
        var waits = _store.StatAsync(Key, source.Token).AsTask();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        Assert.Equal(calls, _inner.Calls.Count);
    }

    [Theory]
    [InlineData(0, 1, "Reads")]
    [InlineData(1, 10_001, "Writes")]
    public void A_limit_out_of_range_is_named(int reads, int writes, string name)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new ConcurrencyLimitStore(_inner, new ConcurrencyLimitOptions { Reads = reads, Writes = writes }));

        Assert.Equal(name, e.ParamName);
    }
}
