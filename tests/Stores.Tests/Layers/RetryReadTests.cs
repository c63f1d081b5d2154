using System.Text;
using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class RetryReadTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a");

    private readonly ManualTime _time = new();
    private readonly ScriptedStore _inner;
    private readonly RetryStore _store;

    public RetryReadTests()
    {
        _inner = new ScriptedStore(new MemoryStore("test", _time));
        _store = new RetryStore(_inner, _time, new RetryOptions { MaxRetries = 2 }, () => 0.5);
    }

    private async Task<string> ReadAsync(ByteRange? range = null)
    {
        var task = _store.ReadBytesAsync(Key, range).AsTask();
        await _time.DriveAsync(task);
        return Encoding.UTF8.GetString(await task);
    }

    private void BreakEach(int at, int times = int.MaxValue) => _inner.ChangeReader = reader =>
        times-- > 0 && reader.Length > at ? BrokenStream.Break(reader, at, StoreErrorKind.Unavailable) : reader;

    [Fact]
    public async Task A_content_that_breaks_off_goes_on_at_the_byte_where_it_stopped()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        BreakEach(3, times: 1);

        Assert.Equal("0123456789", await ReadAsync());

        Assert.Equal(["Put a", "Read a", "Read a 3-9"], _inner.Calls);
    }

    [Fact]
    public async Task A_range_goes_on_within_itself()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        BreakEach(2, times: 1);

        Assert.Equal("23456", await ReadAsync(new ByteRange(2, 5)));

        Assert.Equal("Read a 4-6", _inner.Calls[^1]);
    }

    [Fact]
    public async Task Each_byte_of_progress_gives_all_retries_back()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        BreakEach(1);

        Assert.Equal("0123456789", await ReadAsync());
    }

    [Fact]
    public async Task Without_progress_the_retries_end()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        BreakEach(0);

        var e = await Assert.ThrowsAsync<StoreException>(() => ReadAsync());

        Assert.Equal(StoreErrorKind.Unavailable, e.Kind);
        Assert.Equal(4, _inner.Calls.Count);
    }

    [Theory]
    [InlineData("9876543210")]
    [InlineData("98765432100")]
    [InlineData("98")]
    public async Task An_object_that_was_replaced_meanwhile_is_not_spliced(string other)
    {
        await _inner.PutTextAsync(Key, "0123456789");
        _inner.ChangeReader = reader =>
        {
            _ = _inner.Find<MemoryStore>()!.PutTextAsync(Key, other).AsTask();
            return BrokenStream.Break(reader, 3, StoreErrorKind.Unavailable);
        };

        var e = await Assert.ThrowsAsync<StoreException>(() => ReadAsync());

        Assert.Equal(StoreErrorKind.ConditionFailed, e.Kind);
        Assert.Contains("replaced", e.Message);
    }

    [Fact]
    public async Task Where_versions_are_weak_a_content_that_was_begun_does_not_go_on()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        _inner.Can = _inner.Capabilities with { StrongVersions = false };
        BreakEach(3, times: 1);

        var e = await Assert.ThrowsAsync<StoreException>(() => ReadAsync());

        Assert.Equal(StoreErrorKind.Unavailable, e.Kind);
        Assert.Equal(2, _inner.Calls.Count);
    }

    [Fact]
    public async Task Where_versions_are_weak_a_content_that_was_not_begun_is_opened_again()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        _inner.Can = _inner.Capabilities with { StrongVersions = false };
        BreakEach(0, times: 1);

        Assert.Equal("0123456789", await ReadAsync());
    }

    [Fact]
    public async Task What_is_no_transient_error_ends_the_content()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        _inner.ChangeReader = reader => BrokenStream.Break(reader, 3, StoreErrorKind.PermissionDenied);

        var e = await Assert.ThrowsAsync<StoreException>(() => ReadAsync());

        Assert.Equal(StoreErrorKind.PermissionDenied, e.Kind);
        Assert.Equal(2, _inner.Calls.Count);
    }

    [Fact]
    public async Task A_permit_is_given_back_before_the_content_is_opened_again()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        BreakEach(3, times: 2);
        var limited = new ConcurrencyLimitStore(_inner, new ConcurrencyLimitOptions { Reads = 1 });
        var store = new RetryStore(limited, _time, randomness: () => 0.5);

        var task = store.ReadTextAsync(Key).AsTask();
        await _time.DriveAsync(task);

        Assert.Equal("0123456789", await task);
    }

    [Fact]
    public async Task A_condition_on_the_version_is_asked_once_and_not_when_the_content_goes_on()
    {
        var old = await _inner.PutTextAsync(Key, "old");
        await _inner.PutTextAsync(Key, "0123456789");
        BreakEach(3, times: 1);

        await using var reader = await _store.OpenReadAsync(Key, new ReadOptions { IfNoneMatch = old.Version });
        var task = reader.ReadToEndAsync().AsTask();
        await _time.DriveAsync(task);

        Assert.Equal("0123456789"u8.ToArray(), await task);
    }

    [Fact]
    public async Task An_empty_object_reads_as_empty()
    {
        await _inner.PutTextAsync(Key, "");

        Assert.Equal("", await ReadAsync());
    }

    [Fact]
    public async Task A_listing_goes_on_behind_the_last_name()
    {
        foreach (var name in new[] { "a", "b/1", "b/2", "c" })
            await _inner.PutTextAsync(StoreKey.Parse(name), name);
        var failed = new HashSet<string>();
        _inner.ChangeListing = entries => entries.Select(e => failed.Add(e.Name) ? throw ScriptedStore.Error(StoreErrorKind.Unavailable) : e);

        var task = _store.NamesAsync("", new ListOptions { Shallow = true });
        await _time.DriveAsync(task);

        Assert.Equal(["a", "b/", "c"], await task);
        Assert.Equal(["List >", "List >", "List >a", "List >b/"], _inner.Calls.Where(c => c.StartsWith("List", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_listing_without_progress_ends_with_its_error()
    {
        _inner.Before = (_, _, _) => throw ScriptedStore.Error(StoreErrorKind.Unavailable);

        var task = _store.NamesAsync();
        await _time.DriveAsync(task);

        await Assert.ThrowsAsync<StoreException>(() => task);
        Assert.Equal(3, _inner.Calls.Count);
    }
}
