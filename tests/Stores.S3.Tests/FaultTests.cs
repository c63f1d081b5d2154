using Amazon.S3.Model;
using Coffer.Testing;

namespace Coffer.Stores.S3.Tests;

/// <summary>A network that fails, between a store and a real server: the right kind of error, retries that help, nothing lost, nothing doubled and nothing left behind.</summary>
public sealed class FaultTests
{
    private const int Size = 300_000;

    /// <summary>More than two parts of the least size.</summary>
    private const int Large = 12 << 20;

    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task PreparedAsync(TestPlace place)
    {
        await using var store = place.Open();
        await store.ProbeAsync(Token);
    }

    private static S3Store Trusted(S3StoreOptions options)
    {
        var store = new S3Store(options with { Create = false });
        store.Trust("plain");
        return store;
    }

    private static IStore Retrying(IStore store) =>
        new RetryStore(new TimeoutStore(store, TimeProvider.System, new TimeoutOptions { Idle = TimeSpan.FromSeconds(2), Answer = TimeSpan.FromSeconds(2) }), TimeProvider.System, new RetryOptions { Delay = TimeSpan.FromMilliseconds(10) });

    [Theory]
    [InlineData(0L, null)]
    [InlineData(200L, null)]
    [InlineData(700L, null)]
    [InlineData(100_000L, null)]
    [InlineData(null, 0L)]
    [InlineData(null, 40L)]
    public async Task A_connection_that_is_reset_at_any_stage_of_a_put_fails_it_honestly_and_a_retry_helps(long? afterSent, long? afterReceived)
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        var fault = new ConnectionFault { ResetAfterSent = afterSent, ResetAfterReceived = afterReceived };
        await using (var store = Trusted(place.Through(proxy)))
        {
            proxy.Fault = _ => fault;
            var created = await Assert.ThrowsAsync<StoreException>(async () => await store.PutBytesAsync(Key, Pattern.Bytes(1, Size), PutOptions.CreateOnly, Token));
            // A connection that is reset at once may never have been one: then nothing was sent.
            Assert.True(created.Kind == StoreErrorKind.OutcomeUnknown || (afterSent == 0 || afterReceived == 0) && created.Kind == StoreErrorKind.Unavailable, created.Message);
            Assert.Equal(Key.Value, created.Key);
            var put = await Assert.ThrowsAsync<StoreException>(async () => await store.PutBytesAsync(Key, Pattern.Bytes(2, Size), cancellationToken: Token));
            Assert.Equal((StoreErrorKind.Unavailable, true), (put.Kind, put.IsTransient));

            var first = proxy.Accepted;
            proxy.Fault = index => index < first + 2 ? fault : null;
            await Retrying(store).PutAsync(Key, ObjectBody.FromSource(static _ => ValueTask.FromResult<Stream>(new PatternStream(3, Size)), Size, canReopen: true), cancellationToken: Token);
            Assert.Equal(Pattern.Bytes(3, Size), await store.ReadBytesAsync(Key, cancellationToken: Token));
        }
        await NothingLeftAsync(place, proxy);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(100L)]
    [InlineData(5_000L)]
    [InlineData(200_000L)]
    public async Task A_connection_that_is_reset_at_any_stage_of_a_get_is_an_error_and_a_retry_goes_on_where_it_stopped(long afterReceived)
    {
        await using var place = new TestPlace();
        await using var direct = place.Open();
        await direct.PutBytesAsync(Key, Pattern.Bytes(1, Size), cancellationToken: Token);
        await using var proxy = TestPlace.Proxy();
        proxy.Fault = _ => new ConnectionFault { ResetAfterReceived = afterReceived };
        await using (var store = Trusted(place.Through(proxy)))
        {
            var error = await Assert.ThrowsAsync<StoreException>(async () => await store.ReadBytesAsync(Key, cancellationToken: Token));
            Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));

            var first = proxy.Accepted;
            proxy.Fault = index => index < first + 2 ? new ConnectionFault { ResetAfterReceived = afterReceived } : null;
            Assert.Equal(Pattern.Bytes(1, Size), await Retrying(store).ReadBytesAsync(Key, cancellationToken: Token));
        }
        await NothingLeftAsync(place, proxy);
    }

    [Fact]
    public async Task A_part_whose_connection_breaks_is_sent_again_by_itself()
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        // No part of 5 MiB gets through the first two connections.
        proxy.Fault = static index => index < 2 ? new ConnectionFault { ResetAfterSent = 4_000_000 } : null;
        await using (var store = Trusted(place.Through(proxy) with { PartSize = 5 << 20, ParallelParts = 2 }))
        {
            var source = new PatternStream(4, Large);
            var info = await store.PutAsync(Key, ObjectBody.FromStream(source), cancellationToken: Token);
            Assert.Equal(Large, info.Size);
            Assert.EndsWith("-3", info.Version!.Value.Value, StringComparison.Ordinal);
            Assert.Equal(Pattern.Bytes(4, Large), await store.ReadBytesAsync(Key, cancellationToken: Token));
        }
        Assert.True(proxy.Accepted >= 3);
        await NothingLeftAsync(place, proxy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_put_whose_source_fails_or_that_is_cancelled_leaves_no_parts(bool cancelled)
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using (var store = Trusted(place.Through(proxy) with { PartSize = 5 << 20, ParallelParts = 2 }))
        {
            foreach (var length in (long?[])[Large, null])
            {
                var stream = new PatternStream(4, Large, reading: position => Fail(position));
                var put = async () => await store.PutAsync(Key, ObjectBody.FromStream(stream, length), cancellationToken: source.Token);
                if (cancelled)
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(put);
                else
                    Assert.Equal("The disk is gone.", (await Assert.ThrowsAsync<IOException>(put)).Message);
            }
            Assert.Null(await store.StatAsync(Key, Token));
        }
        await NothingLeftAsync(place, proxy);

        void Fail(long position)
        {
            if (position < 11 << 20)
                return;
            if (!cancelled)
                throw new IOException("The disk is gone.");
            source.Cancel();
        }
    }

    [Fact]
    public async Task A_server_that_goes_away_during_a_large_put_fails_it_and_one_that_comes_back_takes_the_next()
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        proxy.Fault = static index => new ConnectionFault { ResetAfterSent = index == 0 ? 3_000_000 : 0 };
        await using (var store = Trusted(place.Through(proxy) with { PartSize = 5 << 20, ParallelParts = 2 }))
        {
            var body = ObjectBody.FromSource(static _ => ValueTask.FromResult<Stream>(new PatternStream(4, Large)), Large, canReopen: true);
            var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync(Key, body, cancellationToken: Token));
            Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));

            await proxy.RefuseAsync();
            proxy.Fault = static _ => null;
            var retried = Retrying(store).PutAsync(Key, body, cancellationToken: Token);
            await Task.Delay(30, Token);
            proxy.Resume();
            Assert.Equal(Large, (await retried).Size);
            Assert.Equal(Pattern.Bytes(4, Large), await store.ReadBytesAsync(Key, cancellationToken: Token));
        }
        await NoConnectionLeftAsync(proxy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_conditional_put_to_a_server_that_is_not_reached_for_a_while_happens_once(bool knowsTheServer)
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        await proxy.RefuseAsync();
        // Who does not know the server asks for the bucket and tries conditions first.
        await using (var store = knowsTheServer ? Trusted(place.Through(proxy)) : new S3Store(place.Through(proxy) with { Create = true }))
        {
            var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutBytesAsync(Key, Pattern.Bytes(7, Size), PutOptions.CreateOnly, Token));
            Assert.Equal((StoreErrorKind.Unavailable, true, true, Key.Value), (error.Kind, error.IsTransient, error.HadNoEffect, error.Key));

            var patient = new RetryStore(store, TimeProvider.System, new RetryOptions { Delay = TimeSpan.FromMilliseconds(20), MaxRetries = 10 });
            var putting = patient.PutBytesAsync(Key, Pattern.Bytes(7, Size), PutOptions.CreateOnly, Token).AsTask();
            await Task.Delay(50, Token);
            proxy.Resume();
            await putting;

            Assert.Equal(Pattern.Bytes(7, Size), await store.ReadBytesAsync(Key, cancellationToken: Token));
            var again = await Assert.ThrowsAsync<StoreException>(async () => await patient.PutBytesAsync(Key, Pattern.Bytes(8, Size), PutOptions.CreateOnly, Token));
            Assert.Equal(StoreErrorKind.AlreadyExists, again.Kind);
        }
        await NothingLeftAsync(place, proxy);
    }

    [Fact]
    public async Task A_conditional_put_on_a_standing_connection_that_breaks_is_of_unknown_outcome_also_when_no_other_connection_can_be_made()
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        proxy.Fault = static _ => new ConnectionFault { ResetAfterSent = 20_000 };
        await using (var store = Trusted(place.Through(proxy)))
        {
            await store.PutBytesAsync(Key, Pattern.Bytes(1, 100), cancellationToken: Token);
            await proxy.RefuseAsync();

            var error = await Assert.ThrowsAsync<StoreException>(async () => await Retrying(store).PutBytesAsync(StoreKey.Parse("other"), Pattern.Bytes(2, Size), PutOptions.CreateOnly, Token));

            Assert.Equal((StoreErrorKind.OutcomeUnknown, false), (error.Kind, error.HadNoEffect));
            Assert.Equal(1, proxy.Accepted);
        }
    }

    [Fact]
    public async Task A_server_that_stalls_is_given_up_and_asked_again()
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        await using (var store = Trusted(place.Through(proxy)))
        {
            var retrying = Retrying(store);
            proxy.Fault = static index => index == 0 ? new ConnectionFault { StallAfterSent = 50_000 } : null;
            await retrying.PutBytesAsync(Key, Pattern.Bytes(5, Size), cancellationToken: Token);
            Assert.Equal(Pattern.Bytes(5, Size), await store.ReadBytesAsync(Key, cancellationToken: Token));
        }
        var before = proxy.Accepted;
        proxy.Fault = index => index == before ? new ConnectionFault { StallAfterReceived = 50_000 } : null;
        await using (var store = Trusted(place.Through(proxy)))
            Assert.Equal(Pattern.Bytes(5, Size), await Retrying(store).ReadBytesAsync(Key, cancellationToken: Token));
        await NothingLeftAsync(place, proxy);
    }

    [Fact]
    public async Task A_slow_line_is_no_fault_while_bytes_move()
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        proxy.Fault = static _ => new ConnectionFault { BytesPerSecond = 200_000 };
        await using var store = new TimeoutStore(Trusted(place.Through(proxy)), TimeProvider.System, new TimeoutOptions { Idle = TimeSpan.FromSeconds(2), Answer = TimeSpan.FromSeconds(10) });

        await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(6, Size), Size), cancellationToken: Token);

        Assert.Equal(Pattern.Bytes(6, Size), await store.ReadBytesAsync(Key, cancellationToken: Token));
    }

    [Fact]
    public async Task A_large_put_tells_of_the_bytes_that_it_sent_while_it_sends_them()
    {
        await using var place = new TestPlace();
        await using var store = new S3Store(place.Options with { PartSize = 5 << 20, ParallelParts = 3 });
        var progress = new ProgressLog();

        await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(6, Large), Large), new PutOptions { Progress = progress }, Token);

        var reports = progress.Values;
        Assert.Equal(Large, reports[^1]);
        Assert.True(reports.Count >= Large / (80 << 10));
        Assert.Equal(reports.Order(), reports);
    }

    [Fact]
    public async Task A_create_only_put_that_lost_leaves_its_connection_usable_however_large_it_was()
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        await using var store = Trusted(place.Through(proxy));
        await store.PutBytesAsync(Key, Pattern.Bytes(1, 10), PutOptions.CreateOnly, Token);
        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(2, 3 << 20), 3 << 20), PutOptions.CreateOnly, Token));
            Assert.Equal(StoreErrorKind.AlreadyExists, error.Kind);
            Assert.Equal(10, (await store.StatAsync(Key, Token))!.Size);
        }
        Assert.Equal(1, proxy.Accepted);
    }

    [Fact]
    public async Task Readers_that_are_left_before_their_end_leave_no_connections()
    {
        await using var place = new TestPlace();
        await PreparedAsync(place);
        await using var proxy = TestPlace.Proxy();
        await using (var store = Trusted(place.Through(proxy)))
        {
            await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(2, 8 << 20), 8 << 20), cancellationToken: Token);
            for (var i = 0; i < 10; i++)
            {
                await using var reader = await store.OpenReadAsync(Key, cancellationToken: Token);
                await reader.Content.ReadExactlyAsync(new byte[1000], Token);
            }
            Assert.True(proxy.Open <= 2, $"{proxy.Open} connections are open");
        }
        await NothingLeftAsync(place, proxy);
    }

    private static async Task NothingLeftAsync(TestPlace place, FaultProxy proxy)
    {
        await NoConnectionLeftAsync(proxy);
        await NoPartLeftAsync(place);
    }

    private static async Task NoConnectionLeftAsync(FaultProxy proxy)
    {
        for (var i = 0; i < 250 && proxy.Open > 0; i++)
            await Task.Delay(20, Token);
        Assert.Equal(0, proxy.Open);
    }

    private static async Task NoPartLeftAsync(TestPlace place)
    {
        using var connection = new S3Connection(place.Options);
        var uploads = await connection.Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = place.Options.Bucket, Prefix = place.Name }, Token);
        Assert.Empty(uploads.MultipartUploads ?? []);
    }
}
