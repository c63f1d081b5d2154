using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class CountingStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_counts_requests_by_operation_and_the_bytes_both_ways()
    {
        var store = new CountingStore(new MemoryStore("counted"));
        var key = StoreKey.Parse("a/b");
        await store.PutBytesAsync(key, new byte[100], cancellationToken: Token);
        await store.StatAsync(key, Token);
        await store.StatAsync(StoreKey.Parse("none"), Token);
        await store.ReadBytesAsync(key, new ByteRange(10, 30), cancellationToken: Token);
        await Assert.ThrowsAsync<StoreException>(async () => await store.PutBytesAsync(key, new byte[7], PutOptions.CreateOnly, Token));
        await store.DeleteAsync(key, Token);
        Assert.Equal(new RequestCounts(Stat: 2, Read: 1, Put: 2, Delete: 1, List: 0, BytesRead: 30, BytesPut: 100), store.Counts);
        Assert.Equal(6, store.Counts.Total);
    }

    [Fact]
    public async Task It_counts_a_listing_by_pages_of_1000_and_a_batch_of_deletes_too()
    {
        var store = new CountingStore(new MemoryStore("counted"));
        var keys = Enumerable.Range(0, 2001).Select(static i => StoreKey.Parse($"{i:d5}")).ToArray();
        foreach (var key in keys)
            await store.PutBytesAsync(key, new byte[1], cancellationToken: Token);
        var before = store.Counts;
        Assert.Equal(2001, await store.ListAsync(cancellationToken: Token).CountAsync(Token));
        Assert.Equal(3, store.Counts.Since(before).List);
        Assert.Equal(1000, await store.ListAsync(cancellationToken: Token).Take(1000).CountAsync(Token));
        Assert.Equal(4, store.Counts.Since(before).List);
        Assert.Equal(0, await store.ListAsync("none", cancellationToken: Token).CountAsync(Token));
        Assert.Equal(5, store.Counts.Since(before).List);
        await store.DeleteManyAsync(keys, Token);
        Assert.Equal(3, store.Counts.Since(before).Delete);
        Assert.Equal(2001, store.Reset().Put);
        Assert.Equal(default, store.Counts);
    }
}
