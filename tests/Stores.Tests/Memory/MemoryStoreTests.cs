using System.Text;
using Coffer.Testing;
using Xunit;

namespace Coffer.Stores.Tests;

public sealed class MemoryStoreTests
{
    private static readonly StoreKey Key = StoreKey.Parse("a/b");

    private readonly ManualTime _time = new();
    private readonly MemoryStore _store;

    public MemoryStoreTests() => _store = new MemoryStore("test", _time);

    [Fact]
    public async Task What_was_put_is_read_back_with_one_info_everywhere()
    {
        var put = await _store.PutTextAsync(Key, "hello");
        await using var reader = await _store.OpenReadAsync(Key);

        Assert.Equal("hello", await _store.ReadTextAsync(Key));
        Assert.Equal(put, reader.Info);
        Assert.Equal(put, await _store.StatAsync(Key));
        Assert.Equal(put, Assert.Single(await _store.ListAsync().ToListAsync()));
        Assert.Equal(5, put.Size);
    }

    [Fact]
    public async Task Everything_completes_at_once_so_that_a_simulation_orders_it()
    {
        Assert.True(_store.PutTextAsync(Key, "x").AsTask().IsCompletedSuccessfully);
        Assert.True(_store.StatAsync(Key).AsTask().IsCompletedSuccessfully);
        Assert.True(_store.ReadBytesAsync(Key).AsTask().IsCompletedSuccessfully);
        Assert.True(_store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream([1, 2]))).AsTask().IsCompletedSuccessfully);
        Assert.True(_store.ListAsync().ToListAsync().AsTask().IsCompletedSuccessfully);
        Assert.True(_store.DeleteAsync(Key).AsTask().IsCompletedSuccessfully);
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task An_error_is_in_the_task_and_not_thrown_at_the_call()
    {
        var read = _store.OpenReadAsync(Key).AsTask();

        await Assert.ThrowsAsync<StoreException>(() => read);
    }

    [Fact]
    public async Task The_times_are_those_of_the_injected_clock()
    {
        var written = _time.GetUtcNow();
        await _store.PutTextAsync(Key, "x");
        _time.Advance(TimeSpan.FromHours(3));

        var info = await _store.StatAsync(Key);

        Assert.Equal(written, info!.LastModified);
        Assert.Equal(written + TimeSpan.FromHours(3), info.StoreTime);
    }

    [Fact]
    public async Task A_version_is_never_used_twice_not_even_after_a_delete()
    {
        var versions = new HashSet<ObjectVersion?>();
        for (var i = 0; i < 3; i++)
        {
            versions.Add((await _store.PutTextAsync(Key, "same")).Version);
            await _store.DeleteAsync(Key);
        }

        Assert.Equal(3, versions.Count);
    }

    [Fact]
    public async Task A_missing_object_has_no_stat_cannot_be_read_and_is_deleted_with_success()
    {
        Assert.Null(await _store.StatAsync(Key));
        await _store.DeleteAsync(Key);

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.OpenReadAsync(Key));

        Assert.Equal(StoreErrorKind.NotFound, e.Kind);
        Assert.Equal((StoreOperation.Read, "a/b", "mem://test"), (e.Operation!.Value, e.Key!, e.StoreName!));
    }

    [Fact]
    public async Task A_create_only_put_loses_against_what_is_there()
    {
        await _store.PutTextAsync(Key, "first", PutOptions.CreateOnly);

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutTextAsync(Key, "second", PutOptions.CreateOnly));

        Assert.Equal(StoreErrorKind.AlreadyExists, e.Kind);
        Assert.Equal("first", await _store.ReadTextAsync(Key));
    }

    [Fact]
    public async Task A_create_only_put_of_unknown_length_is_refused_before_its_body_is_opened()
    {
        var body = ObjectBody.FromStream(new OneWayStream([1]));

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutAsync(Key, body, PutOptions.CreateOnly));

        Assert.Equal(StoreErrorKind.Unsupported, e.Kind);
        Assert.True(body.CanOpen);
    }

    [Fact]
    public async Task A_put_for_a_version_replaces_that_version_only()
    {
        var first = await _store.PutTextAsync(Key, "first");
        var second = await _store.PutTextAsync(Key, "second", If(first.Version!.Value));

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutTextAsync(Key, "third", If(first.Version!.Value)));
        await _store.DeleteAsync(Key);
        var gone = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutTextAsync(Key, "third", If(second.Version!.Value)));

        Assert.Equal(StoreErrorKind.ConditionFailed, e.Kind);
        Assert.Equal(StoreErrorKind.ConditionFailed, gone.Kind);
        Assert.Null(await _store.StatAsync(Key));

        static PutOptions If(ObjectVersion version) => new() { Condition = PutCondition.IfMatch(version) };
    }

    [Fact]
    public async Task A_read_for_another_version_fails_while_it_is_the_same()
    {
        var first = await _store.PutTextAsync(Key, "first");
        var options = new ReadOptions { IfNoneMatch = first.Version };

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.OpenReadAsync(Key, options));
        await _store.PutTextAsync(Key, "second");
        await using var reader = await _store.OpenReadAsync(Key, options);

        Assert.Equal(StoreErrorKind.ConditionFailed, e.Kind);
        Assert.Equal("second", Encoding.UTF8.GetString(await reader.ReadToEndAsync()));
    }

    [Theory]
    [InlineData(0, 1L, "0")]
    [InlineData(3, null, "3456789")]
    [InlineData(8, 100L, "89")]
    [InlineData(9, long.MaxValue - 9, "9")]
    public async Task A_range_gives_its_part_and_the_info_of_the_whole(long offset, long? length, string expected)
    {
        await _store.PutTextAsync(Key, "0123456789");

        await using var reader = await _store.OpenReadAsync(Key, new ReadOptions { Range = new ByteRange(offset, length) });

        Assert.Equal(10, reader.Info.Size);
        Assert.Equal(expected, Encoding.UTF8.GetString(await reader.ReadToEndAsync()));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("abc", long.MaxValue)]
    public async Task A_range_that_begins_behind_the_end_is_refused(string content, long offset)
    {
        await _store.PutTextAsync(Key, content);

        var e = await Assert.ThrowsAsync<StoreException>(
            async () => await _store.OpenReadAsync(Key, new ReadOptions { Range = new ByteRange(offset) }));

        Assert.Equal(StoreErrorKind.RangeNotSatisfiable, e.Kind);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_source_of_another_length_than_announced_stores_nothing(int length)
    {
        await _store.PutTextAsync(Key, "old");
        var body = ObjectBody.FromStream(new OneWayStream(new byte[5]), length);

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutAsync(Key, body));

        Assert.Equal(StoreErrorKind.Unexpected, e.Kind);
        Assert.Equal("old", await _store.ReadTextAsync(Key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(300_000)]
    public async Task A_stream_of_unknown_length_is_stored_whole_and_reports_its_progress(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        var progress = new ProgressLog();

        await _store.PutAsync(Key, ObjectBody.FromStream(new OneWayStream(bytes)), new PutOptions { Progress = progress });

        Assert.Equal(bytes, await _store.ReadBytesAsync(Key));
        Assert.Equal(length, progress.Last);
    }

    [Fact]
    public async Task Progress_is_reported_for_bytes_in_memory_too()
    {
        var progress = new ProgressLog();

        await _store.PutTextAsync(Key, "hello", new PutOptions { Progress = progress });

        Assert.Equal(5, progress.Last);
    }

    [Fact]
    public async Task The_callers_bytes_may_change_after_the_put_and_a_reader_keeps_what_it_opened()
    {
        var bytes = new byte[] { 1, 2, 3 };
        await _store.PutBytesAsync(Key, bytes);
        bytes[0] = 9;
        await using var reader = await _store.OpenReadAsync(Key);
        await _store.PutTextAsync(Key, "other");

        Assert.Equal([1, 2, 3], await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_cancelled_token_ends_every_operation()
    {
        var cancelled = new CancellationToken(canceled: true);
        await _store.PutTextAsync(Key, "x");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.StatAsync(Key, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.OpenReadAsync(Key, cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.PutTextAsync(Key, "y", cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.DeleteAsync(Key, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.DeleteManyAsync([Key], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.ListAsync(cancellationToken: cancelled).ToListAsync());
        Assert.Equal("x", await _store.ReadTextAsync(Key));
    }

    [Fact]
    public async Task Cancelling_while_the_body_is_read_stores_nothing()
    {
        using var source = new CancellationTokenSource();
        var body = ObjectBody.FromStream(new OneWayStream(new byte[1000]) { OnRead = _ => source.Cancel() });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.PutAsync(Key, body, cancellationToken: source.Token));

        Assert.Null(await _store.StatAsync(Key));
    }

    [Fact]
    public async Task Many_are_deleted_at_once_and_others_stay()
    {
        foreach (var name in new[] { "a", "b", "c" })
            await _store.PutTextAsync(StoreKey.Parse(name), name);

        await _store.DeleteManyAsync([StoreKey.Parse("a"), StoreKey.Parse("missing"), StoreKey.Parse("c")]);

        Assert.Equal(["b"], await _store.NamesAsync());
    }

    [Fact]
    public async Task The_default_key_is_refused()
    {
        var e = await Assert.ThrowsAsync<StoreException>(async () => await _store.PutTextAsync(default, "x"));

        Assert.Equal(StoreErrorKind.InvalidKey, e.Kind);
    }

    [Fact]
    public async Task Of_many_creators_on_many_threads_one_wins_with_its_whole_body()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = StoreKey.Parse($"race/{round}");
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            {
                try
                {
                    await _store.PutAsync(key, ObjectBody.FromStream(new OneWayStream(Body(i)), 5000), PutOptions.CreateOnly);
                    return i;
                }
                catch (StoreException e) when (e.Kind == StoreErrorKind.AlreadyExists)
                {
                    return -1;
                }
            })));

            var winner = Assert.Single(outcomes, i => i >= 0);
            Assert.Equal(Body(winner), await _store.ReadBytesAsync(key));
        }

        static byte[] Body(int i) => [.. Enumerable.Repeat((byte)i, 5000)];
    }
}
