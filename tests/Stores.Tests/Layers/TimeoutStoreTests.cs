using System.Runtime.CompilerServices;
using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class TimeoutStoreTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a");
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    private readonly ManualTime _time = new();
    private readonly ScriptedStore _inner;
    private readonly TimeoutStore _store;

    public TimeoutStoreTests()
    {
        _inner = new ScriptedStore(new MemoryStore("test", _time));
        _store = new TimeoutStore(_inner, _time, new TimeoutOptions { Answer = Answer, Idle = Idle });
    }

    private static async ValueTask Hang(CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken);

    private async Task<StoreException> TimesOutAsync(TimeSpan limit, Func<Task> call)
    {
        var task = call();
        _time.Advance(limit - Short);
        Assert.False(task.IsCompleted);
        _time.Advance(Short);
        return await Assert.ThrowsAsync<StoreException>(() => task);
    }

    [Fact]
    public async Task Every_operation_without_an_answer_ends_as_unavailable_at_its_limit()
    {
        _inner.Before = (_, _, token) => Hang(token);

        foreach (var call in new Func<Task>[]
        {
            async () => await _store.StatAsync(Key),
            async () => await _store.OpenReadAsync(Key),
            async () => await _store.PutTextAsync(Key, "v"),
            async () => await _store.DeleteAsync(Key),
            async () => await _store.DeleteManyAsync([Key]),
            async () => await _store.NamesAsync(),
        })
        {
            var e = await TimesOutAsync(Answer, call);
            Assert.Equal(StoreErrorKind.Unavailable, e.Kind);
            Assert.True(e.IsTransient);
            Assert.Equal("mem://test", e.StoreName);
            Assert.Contains("00:01:00", e.Message);
        }
        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public async Task A_conditional_put_without_an_answer_has_an_unknown_outcome()
    {
        _inner.After = (_, _, token) => Hang(token);

        var e = await TimesOutAsync(Answer, async () => await _store.PutTextAsync(Key, "v", PutOptions.CreateOnly));

        Assert.Equal(StoreErrorKind.OutcomeUnknown, e.Kind);
        Assert.Equal("a", e.Key);
    }

    [Fact]
    public async Task A_conditional_put_that_the_store_knows_was_never_sent_when_the_time_was_over_is_unavailable_and_had_no_effect()
    {
        _inner.Before = async (_, _, token) =>
        {
            try
            {
                await Hang(token);
            }
            catch (OperationCanceledException)
            {
                throw ScriptedStore.Error(StoreErrorKind.Unavailable, hadNoEffect: true);
            }
        };

        var e = await TimesOutAsync(Answer, async () => await _store.PutTextAsync(Key, "v", PutOptions.CreateOnly));

        Assert.Equal((StoreErrorKind.Unavailable, true, true), (e.Kind, e.IsTransient, e.HadNoEffect));
    }

    [Fact]
    public async Task The_callers_cancellation_stays_a_cancellation()
    {
        _inner.Before = (_, _, token) => Hang(token);
        using var source = new CancellationTokenSource();
        var task = _store.StatAsync(Key, source.Token).AsTask();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task An_error_of_the_store_within_the_limit_is_given_on()
    {
        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.OpenReadAsync(Key));

        Assert.Equal(StoreErrorKind.NotFound, e.Kind);
        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public async Task A_store_that_was_cut_off_and_calls_it_something_else_still_timed_out()
    {
        _inner.Before = async (_, _, token) =>
        {
            try
            {
                await Hang(token);
            }
            catch (OperationCanceledException e)
            {
                throw new StoreException(StoreErrorKind.Unavailable, "the socket was closed", e);
            }
        };

        var e = await TimesOutAsync(Answer, async () => await _store.PutTextAsync(Key, "v", PutOptions.CreateOnly));

        Assert.Equal(StoreErrorKind.OutcomeUnknown, e.Kind);
    }

    [Fact]
    public async Task A_content_may_take_any_time_as_long_as_bytes_come()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        _inner.ChangeReader = reader => new ObjectReader(reader.Info, new SlowStream(reader.Content, Delay), reader.Length);

        var task = _store.ReadTextAsync(Key).AsTask();
        for (var i = 0; i < 10; i++)
            _time.Advance(Idle - Short);

        Assert.Equal("0123456789", await task);

        async ValueTask Delay(CancellationToken token) => await Task.Delay(Idle - Short, _time, token);
    }

    [Fact]
    public async Task A_content_that_stands_still_ends_as_unavailable()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        _inner.ChangeReader = reader => new ObjectReader(reader.Info, new BrokenStream(reader.Content, 5, Hang), reader.Length);

        var e = await TimesOutAsync(Idle, async () => await _store.ReadTextAsync(Key));

        Assert.Equal((StoreErrorKind.Unavailable, StoreOperation.Read, "a"), (e.Kind, e.Operation!.Value, e.Key!));
    }

    [Fact]
    public async Task A_reader_that_takes_its_time_is_not_late()
    {
        await _inner.PutTextAsync(Key, "0123456789");
        await using var reader = await _store.OpenReadAsync(Key);
        var buffer = new byte[5];
        await reader.Content.ReadExactlyAsync(buffer);
        _time.Advance(TimeSpan.FromDays(1));

        await reader.Content.ReadExactlyAsync(buffer);

        Assert.Equal("56789"u8.ToArray(), buffer);
    }

    [Fact]
    public async Task A_put_may_take_any_time_as_long_as_the_store_takes_bytes()
    {
        var store = new TimeoutStore(new TricklingStore(_inner, _time, Idle - Short), _time, new TimeoutOptions { Answer = Answer, Idle = Idle });
        foreach (var body in new[] { ObjectBody.FromBytes(new byte[20]), ObjectBody.FromStream(new MemoryStream(new byte[20])) })
        {
            var task = store.PutAsync(Key, body).AsTask();
            for (var i = 0; i < 20; i++)
                _time.Advance(Idle - Short);

            Assert.Equal(20, (await task).Size);
        }
    }

    [Fact]
    public async Task A_put_of_which_the_store_takes_no_more_bytes_ends()
    {
        var store = new TimeoutStore(new TricklingStore(_inner, _time, TimeSpan.FromDays(1)), _time, new TimeoutOptions { Answer = Answer, Idle = Idle });
        foreach (var body in new[] { ObjectBody.FromBytes(new byte[20]), ObjectBody.FromStream(new MemoryStream(new byte[20])) })
        {
            var task = store.PutAsync(Key, body).AsTask();
            _time.Advance(Idle);

            Assert.Equal(StoreErrorKind.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => task)).Kind);
        }
    }

    [Fact]
    public async Task A_store_that_has_all_bytes_and_still_sends_them_tells_so_by_progress()
    {
        var sending = new SendingStore(_inner, async (progress, token) =>
        {
            for (var sent = 1; sent <= 4; sent++)
            {
                await Task.Delay(Idle - Short, _time, token);
                progress.Report(sent);
            }
            await Hang(token);
        });
        await using var store = new TimeoutStore(sending, _time, new TimeoutOptions { Answer = Answer, Idle = Idle });

        var put = store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream("12345678"u8.ToArray()), 8)).AsTask();
        for (var sent = 1; sent <= 4; sent++)
        {
            _time.Advance(Idle - Short);
            Assert.False(put.IsCompleted);
        }
        _time.Advance(Idle - Short);
        Assert.False(put.IsCompleted);
        _time.Advance(Short);
        Assert.Equal(StoreErrorKind.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => put)).Kind);
    }

    /// <summary>Takes all of the body but its end, and sends it afterwards.</summary>
    private sealed class SendingStore(IStore inner, Func<IProgress<long>, CancellationToken, Task> send) : DelegatingStore(inner)
    {
        public override async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
        {
            await using var source = await body.OpenAsync(cancellationToken: cancellationToken);
            await source.ReadFullyAsync(new byte[8], cancellationToken);
            await send(options!.Progress!, cancellationToken);
            throw new InvalidOperationException("It was to be cut off.");
        }
    }

    [Fact]
    public async Task A_source_that_takes_its_time_is_not_the_stores_fault()
    {
        var body = ObjectBody.FromSource(
            _ => new(new SlowStream(new OneWayStream(new byte[3]), async token => await Task.Delay(TimeSpan.FromHours(1), _time, token))), 3, canReopen: true);

        var task = _store.PutAsync(Key, body).AsTask();
        for (var i = 0; i < 5; i++)
            _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(3, (await task).Size);
    }

    [Fact]
    public async Task After_the_body_the_store_has_the_time_for_an_answer()
    {
        _inner.After = (_, _, token) => Hang(token);

        var e = await TimesOutAsync(Answer, async () => await _store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream(new byte[100]))));

        Assert.Equal(StoreErrorKind.Unavailable, e.Kind);
    }

    [Fact]
    public async Task A_body_keeps_what_it_is_for_the_store_inside()
    {
        var bytes = ObjectBody.FromBytes(new byte[3]);
        ObjectBody? seen = null;
        var store = new TimeoutStore(new BodySpy(_inner, body => seen = body), _time);

        await store.PutAsync(Key, bytes);
        Assert.Same(bytes, seen);
        await store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream([1])));
        Assert.Equal(((long?)null, false), (seen!.Length, seen.CanReopen));
        await store.PutAsync(Key, ObjectBody.FromStream(new MemoryStream([1, 2])));
        Assert.Equal((2, true), (seen!.Length, seen.CanReopen));
    }

    [Fact]
    public async Task The_progress_of_the_caller_is_still_reported()
    {
        var progress = new ProgressLog();

        await _store.PutTextAsync(Key, "hello", new PutOptions { Progress = progress });
        await _store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream([1, 2])), new PutOptions { Progress = progress });

        Assert.Equal([5, 2], progress.Values);
    }

    [Fact]
    public async Task A_listing_has_the_limit_for_each_step_and_none_for_its_reader()
    {
        foreach (var name in new[] { "a", "b", "c" })
            await _inner.PutTextAsync(StoreKey.Parse(name), name);
        var hang = false;
        _inner.ChangeListing = entries => Slowed(entries);
        var given = 0;

        var task = ReadAsync();
        while (given < 3)
            _time.Advance(TimeSpan.FromSeconds(50));
        hang = true;
        _time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(StoreErrorKind.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => task)).Kind);

        async Task ReadAsync()
        {
            await foreach (var _ in _store.ListAsync())
            {
                given++;
                await Task.Delay(TimeSpan.FromDays(1), _time);
            }
        }

        async IAsyncEnumerable<ObjectInfo> Slowed(IAsyncEnumerable<ObjectInfo> entries, [EnumeratorCancellation] CancellationToken token = default)
        {
            await foreach (var entry in entries.WithCancellation(token))
            {
                await Task.Delay(TimeSpan.FromSeconds(50), _time, token);
                yield return entry;
            }
            if (hang)
                await Task.Delay(TimeSpan.FromMinutes(2), _time, token);
        }
    }

    [Fact]
    public void A_value_out_of_range_is_named()
    {
        Assert.Equal("Answer", Named(new TimeoutOptions { Answer = TimeSpan.Zero }));
        Assert.Equal("Idle", Named(new TimeoutOptions { Idle = TimeSpan.FromDays(2) }));

        string? Named(TimeoutOptions options) => Assert.Throws<ArgumentOutOfRangeException>(() => new TimeoutStore(_inner, _time, options)).ParamName;
    }

    /// <summary>Waits before each byte.</summary>
    private sealed class SlowStream(Stream inner, Func<CancellationToken, ValueTask> wait) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await wait(cancellationToken);
            return await inner.ReadAsync(buffer[..1], cancellationToken);
        }
    }

    /// <summary>Takes one byte of a body at a time, with a wait after each.</summary>
    private sealed class TricklingStore(IStore inner, TimeProvider time, TimeSpan wait) : DelegatingStore(inner)
    {
        public override async ValueTask<ObjectInfo> PutAsync(
            StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
        {
            await using var source = await body.OpenAsync(options?.Progress, cancellationToken);
            var bytes = new List<byte>();
            var one = new byte[1];
            while (await source.ReadAsync(one, cancellationToken) == 1)
            {
                bytes.Add(one[0]);
                await Task.Delay(wait, time, cancellationToken);
            }
            return await Inner.PutBytesAsync(key, bytes.ToArray(), null, cancellationToken);
        }
    }

    private sealed class BodySpy(IStore inner, Action<ObjectBody> seen) : DelegatingStore(inner)
    {
        public override ValueTask<ObjectInfo> PutAsync(
            StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
        {
            seen(body);
            return base.PutAsync(key, body, options, cancellationToken);
        }
    }
}
