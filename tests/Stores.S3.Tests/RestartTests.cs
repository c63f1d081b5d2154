using Amazon.S3.Model;
using Coffer.Testing;

namespace Coffer.Stores.S3.Tests;

/// <summary>
/// A server that is killed in the middle of a request and started again. It is one of this class's own: the other tests talk to theirs meanwhile.
/// </summary>
public sealed class RestartTests(PrivateGateway gateway) : IClassFixture<PrivateGateway>, IAsyncLifetime
{
    /// <summary>Six parts.</summary>
    private const int Large = 27 << 20;

    /// <summary>More than lies in the buffers of a connection.</summary>
    private const int Long = 48 << 20;

    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private readonly S3StoreOptions _options = gateway.FreshOptions();
    private Task _revived = Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // The bucket is there, so that the first request is the one that a test is about.
        await using var store = new S3Store(_options);
        await store.StatAsync(Key, Token);
    }

    public async ValueTask DisposeAsync()
    {
        // The next test needs the server, also when this one failed.
        await _revived;
        await gateway.Server.ReviveAsync();
    }

    private S3Store Open()
    {
        var store = new S3Store(_options with { Create = false });
        store.Trust("plain");
        return store;
    }

    private static IStore Retrying(IStore store) => new RetryStore(
        new TimeoutStore(store, TimeProvider.System, new TimeoutOptions()),
        TimeProvider.System, new RetryOptions { Delay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromMilliseconds(500), MaxRetries = 100 });

    private void KillAndRevive()
    {
        gateway.Server.Kill();
        _revived = gateway.Server.ReviveAsync();
    }

    [Fact]
    public async Task While_it_is_down_everything_is_Unavailable_and_nothing_is_in_doubt_and_when_it_is_back_all_goes_on()
    {
        await using var store = Open();
        await store.PutBytesAsync(Key, Pattern.Bytes(1, 1000), cancellationToken: Token);
        gateway.Server.Kill();
        foreach (var ask in (Func<Task>[])[() => store.StatAsync(Key, Token).AsTask(), () => store.ReadBytesAsync(Key, cancellationToken: Token).AsTask(),
            () => store.PutBytesAsync(Key, new byte[1], cancellationToken: Token).AsTask(), () => store.PutBytesAsync(Key, new byte[1], PutOptions.CreateOnly, Token).AsTask(),
            () => store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, Large)), cancellationToken: Token).AsTask(), () => store.DeleteAsync(Key, Token).AsTask(),
            () => NamesAsync(store)])
        {
            var error = await Assert.ThrowsAsync<StoreException>(ask);
            Assert.True((error.Kind, error.IsTransient) == (StoreErrorKind.Unavailable, true), error.ToString());
        }
        var other = StoreKey.Parse("other");
        var put = Retrying(store).PutBytesAsync(other, Pattern.Bytes(2, 1000), cancellationToken: Token).AsTask();
        var listed = NamesAsync(Retrying(store));
        var read = Retrying(store).ReadBytesAsync(Key, cancellationToken: Token).AsTask();
        Assert.False(put.IsCompleted || listed.IsCompleted || read.IsCompleted);

        await gateway.Server.ReviveAsync();

        await put;
        Assert.Contains(Key.Value, await listed);
        Assert.Equal(Pattern.Bytes(1, 1000), await read);
        Assert.Equal(Pattern.Bytes(2, 1000), await store.ReadBytesAsync(other, cancellationToken: Token));
        Assert.Equal([Key.Value, "other"], await NamesAsync(store));
        var again = await Assert.ThrowsAsync<StoreException>(() => store.PutBytesAsync(other, new byte[1], PutOptions.CreateOnly, Token).AsTask());
        Assert.Equal(StoreErrorKind.AlreadyExists, again.Kind);
    }

    [Fact]
    public async Task Killed_during_a_put_of_parts_the_old_object_stays_whole_and_the_next_put_removes_the_parts_that_were_left()
    {
        await using var store = Open();
        await store.PutBytesAsync(Key, Pattern.Bytes(1, 1000), cancellationToken: Token);

        var error = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(Key, EventfulBody.Of(2, Large, 16 << 20, gateway.Server.Kill, canReopen: false), cancellationToken: Token).AsTask());
        Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));

        await gateway.Server.ReviveAsync();
        Assert.Equal(Pattern.Bytes(1, 1000), await store.ReadBytesAsync(Key, cancellationToken: Token));
        Assert.Equal([Key.Value], await NamesAsync(store));
        // There was no server to remove them.
        Assert.Equal(1, await UploadsAsync());
        await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(3, Large), Large), cancellationToken: Token);
        Assert.Equal(Pattern.Bytes(3, Large), await store.ReadBytesAsync(Key, cancellationToken: Token));
        Assert.Equal(0, await UploadsAsync());
    }

    [Fact]
    public async Task Killed_during_a_put_of_parts_and_back_in_time_the_put_gets_through_and_nothing_is_left()
    {
        await using var store = Open();
        await store.PutBytesAsync(Key, Pattern.Bytes(1, 1000), cancellationToken: Token);

        await Retrying(store).PutAsync(Key, EventfulBody.Of(2, Large, 16 << 20, KillAndRevive, canReopen: true), cancellationToken: Token);

        Assert.Equal(Pattern.Bytes(2, Large), await store.ReadBytesAsync(Key, cancellationToken: Token));
        Assert.Equal([Key.Value], await NamesAsync(store));
        Assert.Equal(0, await UploadsAsync());
    }

    [Fact]
    public async Task Killed_during_a_create_only_put_its_outcome_is_unknown_it_is_not_sent_again_and_no_half_object_is_there()
    {
        await using var store = Open();

        var error = await Assert.ThrowsAsync<StoreException>(() => Retrying(store).PutAsync(Key, EventfulBody.Of(2, 8 << 20, 4 << 20, KillAndRevive, canReopen: true), PutOptions.CreateOnly, Token).AsTask());
        Assert.Equal(StoreErrorKind.OutcomeUnknown, error.Kind);

        await _revived;
        Assert.Null(await store.StatAsync(Key, Token));
        Assert.Empty(await NamesAsync(store));
        await store.PutBytesAsync(Key, Pattern.Bytes(3, 1000), PutOptions.CreateOnly, Token);
        Assert.Equal(Pattern.Bytes(3, 1000), await store.ReadBytesAsync(Key, cancellationToken: Token));
    }

    [Fact]
    public async Task Killed_during_a_get_the_read_fails_and_goes_on_where_it_stopped_once_the_server_is_back()
    {
        await using var store = Open();
        await store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(4, Long), Long), cancellationToken: Token);
        await using (var reader = await store.OpenReadAsync(Key, cancellationToken: Token))
        {
            await reader.Content.ReadExactlyAsync(new byte[1 << 20], Token);
            gateway.Server.Kill();
            var error = await Assert.ThrowsAsync<StoreException>(() => reader.Content.CopyToAsync(Stream.Null, Token));
            Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));
        }
        await gateway.Server.ReviveAsync();

        await using var retried = await Retrying(store).OpenReadAsync(Key, cancellationToken: Token);
        var content = new byte[Long];
        await retried.Content.ReadExactlyAsync(content.AsMemory(0, 1 << 20), Token);
        KillAndRevive();
        await retried.Content.ReadExactlyAsync(content.AsMemory(1 << 20), Token);
        Assert.Equal(Pattern.Bytes(4, Long), content);
        Assert.Equal(0, await retried.Content.ReadAsync(new byte[1], Token));
    }

    [Fact]
    public async Task Killed_during_a_listing_it_fails_and_goes_on_where_it_stopped_once_the_server_is_back()
    {
        await using var store = Open();
        var names = Enumerable.Range(0, 25).Select(static i => $"object-{i:00}").ToList();
        foreach (var name in names)
            await store.PutBytesAsync(StoreKey.Parse(name), new byte[1], cancellationToken: Token);

        var seen = new List<string>();
        var error = await Assert.ThrowsAsync<StoreException>(() => ListAsync(store, gateway.Server.Kill, seen));
        Assert.Equal((StoreErrorKind.Unavailable, true), (error.Kind, error.IsTransient));
        // The page that had come.
        Assert.Equal(names.Take(10), seen);
        await gateway.Server.ReviveAsync();

        seen.Clear();
        await ListAsync(Retrying(store), KillAndRevive, seen);
        Assert.Equal(names, seen);
    }

    private static async Task ListAsync(IStore store, Action atTheFifth, List<string> seen)
    {
        await foreach (var entry in store.ListAsync("", new ListOptions { PageSize = 10 }, Token))
        {
            seen.Add(entry.Name);
            if (seen.Count == 5)
                atTheFifth();
        }
    }

    private static async Task<List<string>> NamesAsync(IStore store)
    {
        var names = new List<string>();
        await foreach (var entry in store.ListAsync(cancellationToken: Token))
            names.Add(entry.Name);
        return names;
    }

    private async Task<int> UploadsAsync()
    {
        using var connection = new S3Connection(_options);
        var uploads = await connection.Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _options.Bucket, Prefix = _options.Prefix }, Token);
        return uploads.MultipartUploads?.Count ?? 0;
    }
}
