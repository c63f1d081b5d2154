using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class ArgumentCheckStoreTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a");

    private readonly ScriptedStore _inner = new(new MemoryStore("test", new ManualTime()));
    private readonly ArgumentCheckStore _store;

    public ArgumentCheckStoreTests() => _store = new ArgumentCheckStore(_inner);

    [Fact]
    public async Task The_default_key_is_refused_by_every_operation_before_any_io()
    {
        await RefusedAsync(StoreErrorKind.InvalidKey, async () => await _store.StatAsync(default));
        await RefusedAsync(StoreErrorKind.InvalidKey, async () => await _store.OpenReadAsync(default));
        await RefusedAsync(StoreErrorKind.InvalidKey, async () => await _store.PutTextAsync(default, "x"));
        await RefusedAsync(StoreErrorKind.InvalidKey, async () => await _store.DeleteAsync(default));
        await RefusedAsync(StoreErrorKind.InvalidKey, async () => await _store.DeleteManyAsync([Key, default]));
    }

    [Fact]
    public async Task Conditions_that_the_store_does_not_have_are_refused_before_any_io()
    {
        _inner.Can = new StoreCapabilities();
        var version = new ObjectVersion("1");

        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.PutTextAsync(Key, "x", PutOptions.CreateOnly));
        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.PutTextAsync(Key, "x", new() { Condition = PutCondition.IfMatch(version) }));
        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.OpenReadAsync(Key, new() { IfNoneMatch = version }));
    }

    [Fact]
    public async Task A_create_only_body_of_unknown_length_is_refused_before_it_is_opened()
    {
        var body = ObjectBody.FromStream(new OneWayStream([1]));

        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.PutAsync(Key, body, PutOptions.CreateOnly));

        Assert.True(body.CanOpen);
    }

    [Fact]
    public async Task A_body_above_the_limits_is_refused_before_any_io()
    {
        _inner.Can = _inner.Capabilities with { MaxSize = 10, MaxConditionalSize = 5 };
        var match = new PutOptions { Condition = PutCondition.IfMatch(new ObjectVersion("1")) };

        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.PutTextAsync(Key, "0123456789A"));
        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.PutTextAsync(Key, "012345", PutOptions.CreateOnly));
        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.PutTextAsync(Key, "012345", match));
        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream([1])), match));
        await _store.PutTextAsync(Key, "01234", PutOptions.CreateOnly);
        await _store.PutTextAsync(Key, "0123456789");
    }

    [Fact]
    public async Task A_listing_is_refused_for_an_empty_page_or_a_prefix_without_utf8()
    {
        await RefusedAsync(StoreErrorKind.Unsupported, async () => await _store.NamesAsync("", new ListOptions { PageSize = 0 }));
        await RefusedAsync(StoreErrorKind.InvalidKey, async () => await _store.NamesAsync("a\uD800"));
    }

    [Fact]
    public async Task A_refusal_names_the_operation_the_key_and_the_store()
    {
        _inner.Can = new StoreCapabilities();

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutTextAsync(Key, "x", PutOptions.CreateOnly));

        Assert.Equal((StoreOperation.Put, "a", "mem://test", false), (e.Operation!.Value, e.Key!, e.StoreName!, e.IsTransient));
    }

    [Fact]
    public async Task An_answer_about_another_object_is_an_error()
    {
        await _store.PutTextAsync(Key, "x");
        _inner.Change = info => info with { Key = StoreKey.Parse("b") };

        await BrokenAsync(async () => await _store.StatAsync(Key));
        await BrokenAsync(async () => await _store.PutTextAsync(Key, "x"));
    }

    [Fact]
    public async Task A_put_that_kept_another_size_is_an_error()
    {
        _inner.Change = info => info with { Size = 1 };

        await BrokenAsync(async () => await _store.PutTextAsync(Key, "xyz"));
    }

    [Fact]
    public async Task A_range_that_was_ignored_is_an_error_and_the_reader_is_closed()
    {
        await _store.PutTextAsync(Key, "0123456789");
        var content = new DisposalStream();
        _inner.ChangeReader = reader => new ObjectReader(reader.Info, content, 10);

        await BrokenAsync(async () => await _store.OpenReadAsync(Key, new ReadOptions { Range = new ByteRange(2, 3) }));

        Assert.True(content.IsDisposed);
    }

    [Fact]
    public async Task A_version_condition_that_a_read_ignored_still_holds()
    {
        var info = await _store.PutTextAsync(Key, "x");
        _inner.Before = (_, _, _) => default;
        var store = new ArgumentCheckStore(new IgnoringStore(_inner));

        var e = await Assert.ThrowsAsync<StoreException>(async () => await store.OpenReadAsync(Key, new ReadOptions { IfNoneMatch = info.Version }));

        Assert.Equal(StoreErrorKind.ConditionFailed, e.Kind);
    }

    [Fact]
    public async Task A_listing_out_of_order_or_place_is_an_error()
    {
        foreach (var name in new[] { "a", "b", "c" })
            await _store.PutTextAsync(StoreKey.Parse(name), name);

        _inner.ChangeListing = entries => entries.Reverse();
        await BrokenAsync(async () => await _store.NamesAsync());
        _inner.ChangeListing = entries => entries.Concat(entries.Where(e => e.Name == "c"));
        await BrokenAsync(async () => await _store.NamesAsync());
        _inner.ChangeListing = _ => _inner.ChangeAll();
        await BrokenAsync(async () => await _store.NamesAsync("b"));
        await BrokenAsync(async () => await _store.NamesAsync("", new ListOptions { StartAfter = "b" }));
    }

    [Fact]
    public async Task Deleting_nothing_asks_the_store_nothing()
    {
        await _store.DeleteManyAsync([]);

        Assert.Empty(_inner.Calls);
    }

    private async Task RefusedAsync(StoreErrorKind kind, Func<Task> call)
    {
        var before = _inner.Calls.Count;
        Assert.Equal(kind, (await Assert.ThrowsAsync<StoreException>(call)).Kind);
        Assert.Equal(before, _inner.Calls.Count);
    }

    private static async Task BrokenAsync(Func<Task> call) =>
        Assert.Equal(StoreErrorKind.Unexpected, (await Assert.ThrowsAsync<StoreException>(call)).Kind);

    /// <summary>A server that does not know IfNoneMatch.</summary>
    private sealed class IgnoringStore(IStore inner) : DelegatingStore(inner)
    {
        public override ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default) =>
            base.OpenReadAsync(key, null, cancellationToken);
    }

    private sealed class DisposalStream : ReadOnlyStream
    {
        public bool IsDisposed { get; private set; }

        public override int Read(Span<byte> buffer) => 0;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);

        public override ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return base.DisposeAsync();
        }
    }
}

file static class ScriptedListings
{
    /// <summary>Everything, whatever was asked for.</summary>
    public static IAsyncEnumerable<ObjectInfo> ChangeAll(this ScriptedStore store) => store.Find<MemoryStore>()!.ListAsync();
}
