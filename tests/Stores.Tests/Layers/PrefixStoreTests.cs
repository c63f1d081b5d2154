using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class PrefixStoreTests
{
    private static readonly StoreKey Key = StoreKey.Parse("k");

    private readonly ScriptedStore _inner = new(new MemoryStore("test", new ManualTime()));
    private readonly PrefixStore _store;

    public PrefixStoreTests() => _store = new PrefixStore(_inner, StoreKey.Parse("x/y"));

    [Fact]
    public async Task Keys_and_infos_are_relative_in_every_operation()
    {
        Assert.Equal(Key, (await _store.PutTextAsync(Key, "v")).Key);
        Assert.Equal(Key, (await _store.StatAsync(Key))!.Key);
        await using (var reader = await _store.OpenReadAsync(Key))
        {
            Assert.Equal(Key, reader.Info.Key);
            Assert.Equal("v"u8.ToArray(), await reader.ReadToEndAsync());
        }
        Assert.Equal(["x/y/k"], await _inner.NamesAsync());
        await _store.DeleteAsync(Key);
        await _store.DeleteManyAsync([Key]);

        Assert.Equal(["Put x/y/k", "Stat x/y/k", "Read x/y/k", "List >", "Delete x/y/k", "Delete x/y/k"], _inner.Calls);
    }

    [Fact]
    public async Task A_listing_shows_what_is_below_and_no_neighbour()
    {
        foreach (var name in new[] { "x/y", "x/y-", "x/y/a", "x/y/b/1", "x/y/b/2", "x/z" })
            await _inner.PutTextAsync(StoreKey.Parse(name), name);

        Assert.Equal(["a", "b/1", "b/2"], await _store.NamesAsync());
        Assert.Equal(["b/1", "b/2"], await _store.NamesAsync("b"));
        Assert.Equal(["a", "b/"], await _store.NamesAsync("", new ListOptions { Shallow = true }));
        Assert.Equal(["b/2"], await _store.NamesAsync("", new ListOptions { StartAfter = "b/1" }));
        Assert.Equal(["a", "b/1", "b/2"], await _store.NamesAsync("", new ListOptions { StartAfter = "" }));
    }

    [Fact]
    public async Task An_error_names_the_relative_key_and_keeps_everything_else()
    {
        _inner.Before = (_, _, _) => throw new StoreException(StoreErrorKind.Unavailable, "slow")
        {
            Operation = StoreOperation.Stat,
            Key = "x/y/k",
            StoreName = "mem://test",
            RetryAfter = TimeSpan.FromSeconds(3),
            HadNoEffect = true,
        };

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.StatAsync(Key));

        Assert.Equal((StoreErrorKind.Unavailable, "slow", "k", _store.Name), (e.Kind, e.Message, e.Key!, e.StoreName!));
        Assert.Equal((StoreOperation.Stat, TimeSpan.FromSeconds(3), true, true), (e.Operation!.Value, e.RetryAfter!.Value, e.IsTransient, e.HadNoEffect));
        Assert.Contains("mem://test", _store.Name);
        Assert.Contains("x/y", _store.Name);
    }

    [Fact]
    public async Task Errors_of_reads_puts_deletes_and_listings_are_relative_too()
    {
        _inner.Before = (operation, _, _) => throw new StoreException(StoreErrorKind.Unavailable, "down") { Operation = operation, Key = "x/y/k" };

        await RelativeAsync(async () => await _store.OpenReadAsync(Key));
        await RelativeAsync(async () => await _store.PutTextAsync(Key, "v"));
        await RelativeAsync(async () => await _store.DeleteAsync(Key));
        await RelativeAsync(async () => await _store.DeleteManyAsync([Key]));
        await RelativeAsync(async () => await _store.NamesAsync());
    }

    [Fact]
    public async Task An_error_within_a_content_is_relative_too()
    {
        await _store.PutTextAsync(Key, "0123456789");
        _inner.ChangeReader = reader => new ObjectReader(
            reader.Info, new BrokenStream(reader.Content, 4, _ => throw new StoreException(StoreErrorKind.Unavailable, "broke") { Key = "x/y/k" }), 10);

        await RelativeAsync(async () => await _store.ReadTextAsync(Key));
    }

    [Fact]
    public async Task An_error_of_the_store_that_a_body_comes_from_stays_as_it_is()
    {
        var other = new StoreException(StoreErrorKind.NotFound, "gone") { Key = "x/y/z", StoreName = "mem://other" };
        var body = ObjectBody.FromSource(_ => throw other, 3, canReopen: true);

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutAsync(Key, body));

        Assert.Same(other, e);
    }

    [Fact]
    public async Task A_key_that_the_prefix_makes_too_long_is_refused_before_any_io()
    {
        var longest = StoreKey.Parse(new string('k', StoreKey.MaxBytes - 4));
        await _store.PutTextAsync(longest, "v");
        var calls = _inner.Calls.Count;

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutTextAsync(StoreKey.Parse(longest.Value + "k"), "v"));

        Assert.Equal(StoreErrorKind.InvalidKey, e.Kind);
        Assert.Equal(longest.Value + "k", e.Key);
        Assert.Equal(calls, _inner.Calls.Count);
    }

    [Fact]
    public async Task A_presigner_that_it_hands_out_knows_the_prefix()
    {
        var signing = new SigningStore(_inner);
        var store = new PrefixStore(signing, StoreKey.Parse("x/y"));
        Assert.Null(_store.Find<IPresigner>());

        var url = await store.Find<IPresigner>()!.PresignAsync(Key, PresignedAccess.Write, TimeSpan.FromMinutes(1));
        Assert.Equal("https://signed/x/y/k?Write&60", url.AbsoluteUri);

        signing.Error = new StoreException(StoreErrorKind.Unsupported, "no") { Operation = StoreOperation.Open, Key = "x/y/k" };
        var e = await Assert.ThrowsAsync<StoreException>(async () => await store.Find<IPresigner>()!.PresignAsync(Key, PresignedAccess.Read, TimeSpan.FromMinutes(1)));
        Assert.Equal(("k", store.Name), (e.Key!, e.StoreName!));
    }

    private sealed class SigningStore(IStore inner) : DelegatingStore(inner), IPresigner
    {
        public StoreException? Error { get; set; }

        public ValueTask<Uri> PresignAsync(StoreKey key, PresignedAccess access, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
            Error is null ? ValueTask.FromResult(new Uri($"https://signed/{key}?{access}&{lifetime.TotalSeconds}")) : throw Error;
    }

    [Fact]
    public async Task Disposing_it_disposes_the_whole_store()
    {
        await _store.DisposeAsync();

        Assert.True(_inner.IsDisposed);
    }

    private async Task RelativeAsync(Func<Task> call)
    {
        var e = await Assert.ThrowsAsync<StoreException>(call);
        Assert.Equal(("k", _store.Name), (e.Key!, e.StoreName!));
    }
}
