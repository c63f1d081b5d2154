using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class FaultyStoreTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a/b");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly MemoryStore _inside = new("inside");
    private readonly FaultyStore _store;

    public FaultyStoreTests() => _store = new FaultyStore(_inside);

    private static async Task FailsAsync(StoreErrorKind kind, Func<Task> action) => Assert.Equal(kind, (await Assert.ThrowsAsync<StoreException>(action)).Kind);

    [Fact]
    public async Task A_fault_before_leaves_nothing_and_one_after_has_happened()
    {
        _store.Inject(Fault.Before(StoreOperation.Put, StoreErrorKind.RateLimited));
        await FailsAsync(StoreErrorKind.RateLimited, async () => await _store.PutTextAsync(Key, "1", cancellationToken: Token));
        Assert.Null(await _inside.StatAsync(Key, Token));
        _store.Inject(Fault.After(StoreOperation.Put));
        await FailsAsync(StoreErrorKind.Unavailable, async () => await _store.PutTextAsync(Key, "2", cancellationToken: Token));
        Assert.Equal("2", await _inside.ReadTextAsync(Key, Token));
        await _store.PutTextAsync(Key, "3", cancellationToken: Token);
        Assert.Equal(2, _store.FaultCount);
    }

    [Fact]
    public async Task The_lost_reply_of_a_conditional_put_is_OutcomeUnknown()
    {
        _store.Inject(Fault.After(StoreOperation.Put));
        await FailsAsync(StoreErrorKind.OutcomeUnknown, async () => await _store.PutTextAsync(Key, "1", PutOptions.CreateOnly, Token));
        Assert.Equal("1", await _inside.ReadTextAsync(Key, Token));
    }

    [Fact]
    public async Task A_fault_strikes_the_operations_that_it_names_and_no_others()
    {
        using (_store.Inject(Fault.Before(StoreOperation.Put) with { First = 2, Times = 2, Key = static key => key.StartsWith("x", StringComparison.Ordinal) }))
        {
            await _store.PutTextAsync(Key, "1", cancellationToken: Token);
            await _store.PutTextAsync(StoreKey.Parse("x1"), "1", cancellationToken: Token);
            await FailsAsync(StoreErrorKind.Unavailable, async () => await _store.PutTextAsync(StoreKey.Parse("x2"), "1", cancellationToken: Token));
            await _store.PutTextAsync(Key, "1", cancellationToken: Token);
            await FailsAsync(StoreErrorKind.Unavailable, async () => await _store.PutTextAsync(StoreKey.Parse("x3"), "1", cancellationToken: Token));
            await _store.PutTextAsync(StoreKey.Parse("x4"), "1", cancellationToken: Token);
        }
        var taken = _store.Inject(Fault.Before(StoreOperation.Stat));
        taken.Dispose();
        await _store.StatAsync(Key, Token);
        _store.Inject(Fault.Before(StoreOperation.Stat));
        _store.Clear();
        await _store.StatAsync(Key, Token);
    }

    [Fact]
    public async Task Torn_bodies_and_listings_break_off_where_they_are_told_to()
    {
        await _inside.PutBytesAsync(Key, Pattern.Bytes(1, 1000), cancellationToken: Token);
        _store.Inject(Fault.Torn(StoreOperation.Read, 400));
        await using (var reader = await _store.OpenReadAsync(Key, cancellationToken: Token))
        {
            var bytes = new byte[1000];
            await reader.Content.ReadExactlyAsync(bytes.AsMemory(0, 400), Token);
            Assert.Equal(Pattern.Bytes(1, 400), bytes[..400]);
            await FailsAsync(StoreErrorKind.Unavailable, async () => await reader.Content.ReadExactlyAsync(bytes, Token));
        }
        var source = new PatternStream(2, 1000, seekable: true);
        _store.Inject(Fault.Torn(StoreOperation.Put, 300));
        await FailsAsync(StoreErrorKind.Unavailable, async () => await _store.PutAsync(Key, ObjectBody.FromStream(source), cancellationToken: Token));
        Assert.Equal(300, source.Position);
        Assert.Equal(Pattern.Bytes(1, 1000), await _inside.ReadBytesAsync(Key, cancellationToken: Token));
        await _inside.PutTextAsync(StoreKey.Parse("b"), "x", cancellationToken: Token);
        _store.Inject(Fault.Torn(StoreOperation.List, 1));
        var seen = 0;
        await FailsAsync(StoreErrorKind.Unavailable, async () =>
        {
            await foreach (var _ in _store.ListAsync(cancellationToken: Token))
                seen++;
        });
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_faults()
    {
        async Task<string> RunAsync(ulong seed)
        {
            var store = new FaultyStore(new MemoryStore("chance"), seed, new FaultRates { Before = 0.2, During = 0.1, After = 0.2 });
            var story = "";
            for (var i = 0; i < 200; i++)
            {
                try
                {
                    await store.PutTextAsync(StoreKey.Parse($"{i % 100}"), "x", i % 2 == 0 ? PutOptions.CreateOnly : null, Token);
                    story += '.';
                }
                catch (StoreException exception)
                {
                    story += exception.Kind.ToString()[0];
                }
            }
            return story;
        }
        var first = await RunAsync(1);
        Assert.Equal(first, await RunAsync(1));
        Assert.NotEqual(first, await RunAsync(2));
        Assert.Contains("U", first, StringComparison.Ordinal);
        Assert.Contains("O", first, StringComparison.Ordinal);
        Assert.Contains(".", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Latency_is_waited_for_on_the_clock_that_was_given()
    {
        var time = new StoppedTime();
        var store = new FaultyStore(_inside, time);
        store.Inject(Fault.Slow(TimeSpan.FromDays(1), StoreOperation.Stat));
        await store.PutTextAsync(Key, "x", cancellationToken: Token);
        var stat = store.StatAsync(Key, Token).AsTask();
        Assert.False(stat.IsCompleted);
        Assert.Equal(TimeSpan.FromDays(1), time.Due);
        time.Fire();
        Assert.NotNull(await stat);
    }

    /// <summary>A clock whose one timer goes off when it is told to.</summary>
    private sealed class StoppedTime : TimeProvider
    {
        private Action? _fire;

        public TimeSpan Due { get; private set; }

        public void Fire() => _fire!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Due, _fire) = (dueTime, () => callback(state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
