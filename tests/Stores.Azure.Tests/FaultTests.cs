using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Azure.Tests;

/// <summary>Connections that break, stall and are slow, through a proxy in front of the real server.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private readonly FaultProxy _proxy = AzureServer.Proxy();
    // Without a look for the container, the first request is the one that the test is about.
    private readonly AzureStoreOptions _options = AzureServer.FreshOptions() with { BlockSize = 1 << 20, Create = false };
    private readonly AzureStore _direct;

    public FaultTests() => _direct = new AzureStore(_options with { Create = true }, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AzureStore Bare() => AzureServer.Open(_proxy, _options);

    private RetryStore Layered(TimeoutOptions? limits = null) => new(
        new TimeoutStore(Bare(), TimeProvider.System, limits ?? new TimeoutOptions()),
        TimeProvider.System, new RetryOptions { Delay = TimeSpan.FromMilliseconds(20), MaxRetries = 10 });

    // The container is there before anything goes wrong.
    public async ValueTask InitializeAsync() => await _direct.PutBytesAsync(StoreKey.Parse("other"), new byte[1]);

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await AzureServer.CleanAsync(_direct);
        await _direct.DisposeAsync();
    }

    /// <summary>Once the store is disposed no connection is left.</summary>
    private async Task NoConnectionIsLeftAsync()
    {
        for (var i = 0; i < 250 && _proxy.Open > 0; i++)
            await Task.Delay(20, Token);
        Assert.Equal(0, _proxy.Open);
    }

    [Fact]
    public async Task A_conditional_put_whose_answer_is_lost_is_OutcomeUnknown_and_never_sent_twice()
    {
        _proxy.Fault = static _ => new ConnectionFault { ResetAfterReceived = 1 };
        await using (var store = Layered())
            await AzureServer.FailsAsync(StoreErrorKind.OutcomeUnknown, () => store.PutBytesAsync(Key, Pattern.Bytes(1, 1000), PutOptions.CreateOnly).AsTask());
        Assert.Equal(1, _proxy.Accepted);
        Assert.Equal(Pattern.Bytes(1, 1000), await _direct.ReadBytesAsync(Key, cancellationToken: Token));
        await NoConnectionIsLeftAsync();
    }

    [Fact]
    public async Task A_put_whose_answer_is_lost_is_Unavailable_and_helped_by_a_retry()
    {
        _proxy.Fault = static index => index < 2 ? new ConnectionFault { ResetAfterReceived = 1 } : null;
        await using (var store = Bare())
            await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.PutBytesAsync(Key, Pattern.Bytes(1, 1000)).AsTask());
        await using (var store = Layered())
            await store.PutBytesAsync(Key, Pattern.Bytes(2, 1000), cancellationToken: Token);
        Assert.Equal(3, _proxy.Accepted);
        Assert.Equal(Pattern.Bytes(2, 1000), await _direct.ReadBytesAsync(Key, cancellationToken: Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(400_000)]
    public async Task A_put_that_is_reset_before_its_end_leaves_nothing_and_a_retry_helps(int sent)
    {
        _proxy.Fault = _ => new ConnectionFault { ResetAfterSent = sent };
        await using (var store = Bare())
        {
            await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.PutBytesAsync(Key, Pattern.Bytes(1, 1 << 20)).AsTask());
            var error = await Assert.ThrowsAsync<StoreException>(() => store.PutBytesAsync(Key, Pattern.Bytes(1, 1 << 20), PutOptions.CreateOnly).AsTask());
            Assert.True(error.Kind is StoreErrorKind.Unavailable or StoreErrorKind.OutcomeUnknown, error.ToString());
        }
        Assert.Equal(["other"], await _direct.NamesAsync());
        var until = _proxy.Accepted + 2;
        _proxy.Fault = index => index < until ? new ConnectionFault { ResetAfterSent = sent } : null;
        await using (var store = Layered())
            await store.PutBytesAsync(Key, Pattern.Bytes(1, 1 << 20), cancellationToken: Token);
        Assert.Equal(Pattern.Bytes(1, 1 << 20), await _direct.ReadBytesAsync(Key, cancellationToken: Token));
        await NoConnectionIsLeftAsync();
    }

    [Fact]
    public async Task Blocks_get_through_connections_that_break_from_a_stream_that_is_read_once()
    {
        _proxy.Fault = static index => index < 5 ? new ConnectionFault { ResetAfterSent = 1_500_000 } : null;
        await using (var store = Bare())
            await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, 12 << 20)), cancellationToken: Token);
        Assert.True(_proxy.Accepted > 5);
        Assert.Equal(Pattern.Bytes(1, 12 << 20), await _direct.ReadBytesAsync(Key, cancellationToken: Token));
        await NoConnectionIsLeftAsync();
    }

    [Fact]
    public async Task A_large_put_that_fails_in_the_middle_leaves_the_old_object()
    {
        await _direct.PutBytesAsync(Key, Pattern.Bytes(9, 100), cancellationToken: Token);
        _proxy.Fault = static index => index < 4 ? new ConnectionFault { ResetAfterSent = 1_500_000 } : new ConnectionFault { ResetAfterSent = 0 };
        await using (var store = Bare())
            await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, 12 << 20))).AsTask());
        Assert.Equal([Key.Value, "other"], await _direct.NamesAsync());
        Assert.Equal(Pattern.Bytes(9, 100), await _direct.ReadBytesAsync(Key, cancellationToken: Token));
        await NoConnectionIsLeftAsync();
    }

    [Fact]
    public async Task A_read_that_breaks_off_is_an_error_and_goes_on_in_the_layer()
    {
        await _direct.PutBytesAsync(Key, Pattern.Bytes(1, 4 << 20), cancellationToken: Token);
        _proxy.Fault = static _ => new ConnectionFault { ResetAfterReceived = 1_000_000 };
        await using (var store = Bare())
            await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.ReadBytesAsync(Key).AsTask());
        Assert.Equal(1, _proxy.Accepted);
        await using (var store = Layered())
            Assert.Equal(Pattern.Bytes(1, 4 << 20), await store.ReadBytesAsync(Key, cancellationToken: Token));
        // A reset throws away what was under way, so how much each connection brings hangs on the moment.
        Assert.True(_proxy.Accepted >= 4);
        await NoConnectionIsLeftAsync();
    }

    [Fact]
    public async Task What_stalls_is_ended_by_the_layer_and_tried_again()
    {
        var limits = new TimeoutOptions { Answer = TimeSpan.FromSeconds(2), Idle = TimeSpan.FromSeconds(1) };
        await _direct.PutBytesAsync(Key, Pattern.Bytes(1, 4 << 20), cancellationToken: Token);
        _proxy.Fault = static index => index % 2 == 0 ? new ConnectionFault { StallAfterReceived = index == 0 ? 100_000 : 0 } : null;
        await using (var store = Layered(limits))
            Assert.Equal(Pattern.Bytes(1, 4 << 20), await store.ReadBytesAsync(Key, cancellationToken: Token));
        await using (var store = Layered(limits))
            await store.PutBytesAsync(Key, Pattern.Bytes(2, 100_000), cancellationToken: Token);
        Assert.Equal(Pattern.Bytes(2, 100_000), await _direct.ReadBytesAsync(Key, cancellationToken: Token));
        await NoConnectionIsLeftAsync();
    }

    [Fact]
    public async Task A_slow_link_is_slow_and_nothing_else()
    {
        _proxy.Fault = static _ => new ConnectionFault { BytesPerSecond = 1 << 20 };
        await using var store = Layered();
        await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, 2_500_000)), cancellationToken: Token);
        Assert.Equal(Pattern.Bytes(1, 2_500_000), await store.ReadBytesAsync(Key, cancellationToken: Token));
    }

    [Fact]
    public async Task A_server_that_goes_away_and_comes_back_is_waited_for()
    {
        await using var store = Layered();
        await store.PutBytesAsync(Key, Pattern.Bytes(1, 1000), cancellationToken: Token);
        await _proxy.RefuseAsync();
        var fresh = Layered();
        var put = fresh.PutBytesAsync(Key, Pattern.Bytes(2, 1000), cancellationToken: Token).AsTask();
        await Task.Delay(200, Token);
        Assert.False(put.IsCompleted);
        _proxy.Resume();
        await put;
        await fresh.DisposeAsync();
        Assert.Equal(Pattern.Bytes(2, 1000), await store.ReadBytesAsync(Key, cancellationToken: Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_conditional_put_to_a_service_that_is_not_reached_for_a_while_happens_once(bool create)
    {
        await _proxy.RefuseAsync();
        // Who makes the container asks for it first.
        await using var store = AzureServer.Open(_proxy, _options with { Create = create });
        foreach (var size in (int[])[1000, 3_000_000])
        {
            var error = await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.PutBytesAsync(Key, Pattern.Bytes(1, size), PutOptions.CreateOnly, Token).AsTask());
            Assert.Equal((true, true, Key.Value), (error.IsTransient, error.HadNoEffect, error.Key));
        }
        var patient = new RetryStore(store, TimeProvider.System, new RetryOptions { Delay = TimeSpan.FromMilliseconds(20), MaxRetries = 10 });
        var putting = patient.PutBytesAsync(Key, Pattern.Bytes(1, 3_000_000), PutOptions.CreateOnly, Token).AsTask();
        await Task.Delay(50, Token);
        _proxy.Resume();
        await putting;
        Assert.Equal(Pattern.Bytes(1, 3_000_000), await _direct.ReadBytesAsync(Key, cancellationToken: Token));
        await AzureServer.FailsAsync(StoreErrorKind.AlreadyExists, () => patient.PutBytesAsync(Key, Pattern.Bytes(2, 1000), PutOptions.CreateOnly, Token).AsTask());
    }

    [Fact]
    public async Task A_conditional_put_on_a_standing_connection_that_breaks_is_of_unknown_outcome_also_when_no_other_connection_can_be_made()
    {
        _proxy.Fault = static _ => new ConnectionFault { ResetAfterSent = 10_000, ResetAfterReceived = 1_500 };
        await using var store = Layered();
        await store.StatAsync(Key, Token);
        await _proxy.RefuseAsync();
        // So small that it has been given away as a whole when the connection breaks.
        await AzureServer.FailsAsync(StoreErrorKind.OutcomeUnknown, () => store.PutBytesAsync(Key, Pattern.Bytes(1, 9_500), PutOptions.CreateOnly, Token).AsTask());
        Assert.Equal(1, _proxy.Accepted);
    }

    [Fact]
    public async Task Cancelling_ends_what_hangs_at_every_stage()
    {
        await _direct.PutBytesAsync(Key, Pattern.Bytes(1, 4 << 20), cancellationToken: Token);
        foreach (var (fault, ask) in new (ConnectionFault, Func<AzureStore, CancellationToken, Task>)[]
        {
            (new() { StallAfterReceived = 0 }, async (store, token) => await store.StatAsync(Key, token)),
            (new() { StallAfterReceived = 0 }, async (store, token) => await store.OpenReadAsync(Key, cancellationToken: token)),
            (new() { StallAfterReceived = 500_000 }, async (store, token) => await store.ReadBytesAsync(Key, cancellationToken: token)),
            (new() { StallAfterReceived = 0 }, async (store, token) => await store.PutBytesAsync(Key, new byte[100], PutOptions.CreateOnly, token)),
            (new() { StallAfterSent = 100 }, async (store, token) => await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, 8 << 20)), cancellationToken: token)),
            (new() { StallAfterReceived = 0 }, async (store, token) => await store.DeleteAsync(Key, token)),
            (new() { StallAfterReceived = 0 }, async (store, token) => await store.ListAsync(cancellationToken: token).GetAsyncEnumerator(token).MoveNextAsync()),
        })
        {
            _proxy.Fault = _ => fault;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            await using (var store = Bare())
            {
                var before = _proxy.Accepted;
                var asked = ask(store, stop.Token);
                while (_proxy.Accepted == before)
                    await Task.Delay(5, Token);
                await stop.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
            }
            await NoConnectionIsLeftAsync();
        }
    }
}
