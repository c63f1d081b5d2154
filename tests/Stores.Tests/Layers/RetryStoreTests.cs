using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class RetryStoreTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a");

    private readonly ManualTime _time = new();
    private readonly ScriptedStore _inner;
    private readonly RetryStore _store;

    public RetryStoreTests()
    {
        _inner = new ScriptedStore(new MemoryStore("test", _time));
        _store = new RetryStore(_inner, _time, new RetryOptions { MaxRetries = 3 }, () => 0.5);
    }

    private void FailFirst(int times, StoreErrorKind kind, TimeSpan? retryAfter = null) =>
        _inner.Before = (_, call, _) => call <= times ? throw ScriptedStore.Error(kind, retryAfter) : default;

    [Theory]
    [InlineData(StoreErrorKind.Unavailable)]
    [InlineData(StoreErrorKind.RateLimited)]
    public async Task Every_operation_that_can_be_repeated_is_after_a_transient_error(StoreErrorKind kind)
    {
        await SucceedsAsync(async () => await _store.PutTextAsync(Key, "v"));
        await SucceedsAsync(async () => Assert.NotNull(await _store.StatAsync(Key)));
        await SucceedsAsync(async () => Assert.Equal("v", await _store.ReadTextAsync(Key)));
        await SucceedsAsync(async () => Assert.Equal(["a"], await _store.NamesAsync()));
        await SucceedsAsync(async () => await _store.DeleteAsync(Key));
        await SucceedsAsync(async () => await _store.DeleteManyAsync([Key]));

        async Task SucceedsAsync(Func<Task> call)
        {
            _inner.Calls.Clear();
            FailFirst(3, kind);
            var task = call();
            var waits = await _time.DriveAsync(task);
            await task;
            Assert.Equal(4, _inner.Calls.Count);
            Assert.Equal(3, waits.Count);
        }
    }

    [Fact]
    public async Task The_waits_grow_and_have_jitter_from_the_injected_randomness()
    {
        FailFirst(3, StoreErrorKind.Unavailable);
        var task = _store.StatAsync(Key).AsTask();
        var waits = await _time.DriveAsync(task);
        await task;
        var other = new RetryStore(_inner, _time, new RetryOptions { MaxRetries = 3 }, () => 0.9);
        _inner.Calls.Clear();
        task = other.StatAsync(Key).AsTask();
        var otherWaits = await _time.DriveAsync(task);
        await task;

        Assert.Equal(waits.Order(), waits);
        Assert.True(waits[2] > waits[0] * 2, string.Join(' ', waits));
        Assert.NotEqual(waits, otherWaits);
    }

    [Fact]
    public async Task The_same_randomness_gives_the_same_waits()
    {
        var runs = new List<List<TimeSpan>>();
        for (var run = 0; run < 2; run++)
        {
            var random = new Random(42);
            var store = new RetryStore(_inner, _time, new RetryOptions { MaxRetries = 3 }, random.NextDouble);
            _inner.Calls.Clear();
            FailFirst(3, StoreErrorKind.Unavailable);
            var task = store.StatAsync(Key).AsTask();
            runs.Add(await _time.DriveAsync(task));
            await task;
        }

        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public async Task After_the_last_retry_the_error_itself_is_given()
    {
        FailFirst(100, StoreErrorKind.Unavailable);
        var task = _store.StatAsync(Key).AsTask();
        await _time.DriveAsync(task);

        var e = await Assert.ThrowsAsync<StoreException>(() => task);

        Assert.Equal("scripted", e.Message);
        Assert.Equal(4, _inner.Calls.Count);
    }

    [Theory]
    [InlineData(StoreErrorKind.NotFound)]
    [InlineData(StoreErrorKind.PermissionDenied)]
    [InlineData(StoreErrorKind.QuotaExceeded)]
    [InlineData(StoreErrorKind.OutcomeUnknown)]
    [InlineData(StoreErrorKind.Unexpected)]
    public async Task What_a_retry_cannot_help_is_sent_once(StoreErrorKind kind)
    {
        FailFirst(1, kind);

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutTextAsync(Key, "v"));

        Assert.Equal(kind, e.Kind);
        Assert.Single(_inner.Calls);
    }

    [Fact]
    public async Task The_time_that_the_server_asks_for_is_waited()
    {
        FailFirst(1, StoreErrorKind.RateLimited, TimeSpan.FromSeconds(17));
        var task = _store.StatAsync(Key).AsTask();

        var waits = await _time.DriveAsync(task);

        await task;
        Assert.Equal([TimeSpan.FromSeconds(17)], waits);
    }

    [Fact]
    public async Task A_server_that_asks_for_too_long_a_wait_is_not_waited_for()
    {
        FailFirst(1, StoreErrorKind.RateLimited, TimeSpan.FromHours(1));

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.StatAsync(Key));

        Assert.Equal(TimeSpan.FromHours(1), e.RetryAfter);
        Assert.Single(_inner.Calls);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        using var source = new CancellationTokenSource();
        FailFirst(1, StoreErrorKind.Unavailable);
        var task = _store.StatAsync(Key, source.Token).AsTask();
        Assert.Equal(1, _time.PendingTimers);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Single(_inner.Calls);
    }

    [Fact]
    public async Task A_conditional_put_that_was_refused_for_its_rate_is_sent_again()
    {
        FailFirst(2, StoreErrorKind.RateLimited);
        var task = _store.PutTextAsync(Key, "v", PutOptions.CreateOnly).AsTask();
        await _time.DriveAsync(task);

        await task;

        Assert.Equal(3, _inner.Calls.Count);
    }

    [Fact]
    public async Task A_conditional_put_that_certainly_had_no_effect_is_sent_again()
    {
        var first = await new MemoryStore("other").PutTextAsync(Key, "v");
        foreach (var condition in new[] { PutCondition.IfAbsent, PutCondition.IfMatch(first.Version!.Value) })
        {
            _inner.Calls.Clear();
            _inner.Before = (_, call, _) => call <= 2 ? throw ScriptedStore.Error(StoreErrorKind.Unavailable, hadNoEffect: true) : default;
            var task = _store.PutTextAsync(Key, "v", new PutOptions { Condition = condition }).AsTask();
            await _time.DriveAsync(task);
            await task;
            Assert.Equal(3, _inner.Calls.Count);
        }
    }

    [Fact]
    public async Task A_conditional_put_that_never_had_an_effect_ends_as_what_it_is_after_the_last_retry()
    {
        _inner.Before = (_, _, _) => throw ScriptedStore.Error(StoreErrorKind.Unavailable, hadNoEffect: true);
        var task = _store.PutTextAsync(Key, "v", PutOptions.CreateOnly).AsTask();
        await _time.DriveAsync(task);

        var e = await Assert.ThrowsAsync<StoreException>(() => task);

        Assert.Equal((StoreErrorKind.Unavailable, true, true), (e.Kind, e.IsTransient, e.HadNoEffect));
        Assert.Equal(4, _inner.Calls.Count);
    }

    [Fact]
    public async Task A_conditional_put_stops_at_the_first_error_that_leaves_open_what_happened()
    {
        _inner.Before = (_, call, _) => throw ScriptedStore.Error(StoreErrorKind.Unavailable, hadNoEffect: call < 3);
        var task = _store.PutTextAsync(Key, "v", PutOptions.CreateOnly).AsTask();
        await _time.DriveAsync(task);

        var e = await Assert.ThrowsAsync<StoreException>(() => task);

        Assert.Equal((StoreErrorKind.OutcomeUnknown, false), (e.Kind, e.HadNoEffect));
        Assert.Equal(3, _inner.Calls.Count);
    }

    [Theory]
    [InlineData(StoreErrorKind.RateLimited, false, true)]
    [InlineData(StoreErrorKind.OutcomeUnknown, true, false)]
    [InlineData(StoreErrorKind.Unavailable, false, false)]
    [InlineData(StoreErrorKind.Unavailable, true, true)]
    [InlineData(StoreErrorKind.QuotaExceeded, false, false)]
    public void An_error_had_no_effect_when_its_kind_or_its_store_is_certain(StoreErrorKind kind, bool said, bool holds) =>
        Assert.Equal(holds, ScriptedStore.Error(kind, hadNoEffect: said).HadNoEffect);

    [Fact]
    public async Task A_conditional_put_whose_answer_was_lost_is_never_sent_again_and_its_outcome_is_unknown()
    {
        _inner.After = (_, _, _) => throw ScriptedStore.Error(StoreErrorKind.Unavailable);
        var info = await new MemoryStore("other").PutTextAsync(Key, "v");

        foreach (var condition in new[] { PutCondition.IfAbsent, PutCondition.IfMatch(info.Version!.Value) })
        {
            _inner.Calls.Clear();
            var task = _store.PutTextAsync(Key, "v", new PutOptions { Condition = condition }).AsTask();
            await _time.DriveAsync(task);
            var e = await Assert.ThrowsAsync<StoreException>(() => task);

            Assert.Equal(StoreErrorKind.OutcomeUnknown, e.Kind);
            Assert.False(e.IsTransient);
            Assert.Equal((StoreOperation.Put, "a", "mem://test"), (e.Operation!.Value, e.Key!, e.StoreName!));
            Assert.Single(_inner.Calls);
        }
        Assert.Equal("v", await _inner.ReadTextAsync(Key));
    }

    [Fact]
    public async Task An_unknown_outcome_stays_what_it_is()
    {
        var unknown = ScriptedStore.Error(StoreErrorKind.OutcomeUnknown);
        _inner.After = (_, _, _) => throw unknown;

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutTextAsync(Key, "v", PutOptions.CreateOnly));

        Assert.Same(unknown, e);
        Assert.Single(_inner.Calls);
    }

    [Fact]
    public async Task A_body_that_can_be_read_only_once_is_sent_again_only_while_it_is_unread()
    {
        _inner.Before = (_, call, _) => call == 1 ? throw ScriptedStore.Error(StoreErrorKind.Unavailable) : default;
        _inner.After = (_, _, _) => throw ScriptedStore.Error(StoreErrorKind.Unavailable);
        var task = _store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream([1, 2]))).AsTask();
        await _time.DriveAsync(task);

        var e = await Assert.ThrowsAsync<StoreException>(() => task);

        Assert.Equal(StoreErrorKind.Unavailable, e.Kind);
        Assert.Equal(2, _inner.Calls.Count);
    }

    [Fact]
    public async Task Progress_begins_anew_with_each_attempt()
    {
        var lost = true;
        _inner.After = (_, _, _) =>
        {
            var now = lost;
            lost = false;
            return now ? throw ScriptedStore.Error(StoreErrorKind.Unavailable) : default;
        };
        var progress = new ProgressLog();
        var bytes = new MemoryStream(new byte[5000]);
        var task = _store.PutAsync(Key, ObjectBody.FromSource(_ => new(new OneWayStream(bytes.ToArray())), 5000, canReopen: true), new() { Progress = progress }).AsTask();
        await _time.DriveAsync(task);

        await task;

        Assert.Equal([4096, 5000, 4096, 5000], progress.Values);
    }

    [Fact]
    public void A_value_out_of_range_is_named()
    {
        Assert.Equal("MaxRetries", Named(new RetryOptions { MaxRetries = 0 }));
        Assert.Equal("Delay", Named(new RetryOptions { Delay = TimeSpan.Zero }));
        Assert.Equal("MaxDelay", Named(new RetryOptions { MaxDelay = TimeSpan.FromMilliseconds(1) }));
        Assert.Equal("MaxRetryAfter", Named(new RetryOptions { MaxRetryAfter = TimeSpan.FromDays(1) }));

        string? Named(RetryOptions options) => Assert.Throws<ArgumentOutOfRangeException>(() => new RetryStore(_inner, _time, options)).ParamName;
    }
}
