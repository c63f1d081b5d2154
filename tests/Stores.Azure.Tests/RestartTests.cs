using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Azure.Tests;

/// <summary>
/// A server that is killed in the middle of a request and started again. It is one of this class's own: the other tests talk to theirs.
/// </summary>
public sealed class RestartTests(PrivateAzurite azurite) : IClassFixture<PrivateAzurite>, IAsyncLifetime
{
    private const int Large = 12 << 20;

    private Task _revived = Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // The next test needs the server, also when this one failed.
        await _revived;
        await azurite.Server.ReviveAsync();
    }

    private AzureStore Open() => new(azurite.Options, TimeProvider.System);

    private static RetryStore Retrying(AzureStore store) => new(
        new TimeoutStore(store, TimeProvider.System, new TimeoutOptions()),
        TimeProvider.System, new RetryOptions { Delay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromMilliseconds(500), MaxRetries = 100 });

    private void KillAndRevive()
    {
        azurite.Server.Kill();
        _revived = azurite.Server.ReviveAsync();
    }

    [Fact]
    public async Task While_it_is_down_everything_is_Unavailable_and_nothing_is_in_doubt_and_when_it_is_back_all_goes_on()
    {
        var (old, fresh) = (StoreKey.Parse(PrivateAzurite.OldNames[0]), StoreKey.Parse("down/object"));
        await using var store = Open();
        Assert.NotNull(await store.StatAsync(old, Token));
        azurite.Server.Kill();
        foreach (var ask in (Func<Task>[])[() => store.StatAsync(old, Token).AsTask(), () => store.ReadBytesAsync(old, cancellationToken: Token).AsTask(),
            () => store.PutBytesAsync(fresh, new byte[1], cancellationToken: Token).AsTask(), () => store.PutBytesAsync(fresh, new byte[1], PutOptions.CreateOnly, Token).AsTask(),
            () => store.PutAsync(fresh, ObjectBody.FromStream(new PatternStream(1, Large)), cancellationToken: Token).AsTask(), () => store.DeleteAsync(fresh, Token).AsTask(),
            () => store.NamesAsync()])
        {
            Assert.True((await AzureServer.FailsAsync(StoreErrorKind.Unavailable, ask)).IsTransient);
        }
        var put = Retrying(store).PutBytesAsync(fresh, Pattern.Bytes(2, 1000), cancellationToken: Token).AsTask();
        var listed = Retrying(store).NamesAsync("old/");
        var read = Retrying(store).ReadBytesAsync(old, cancellationToken: Token).AsTask();
        Assert.False(put.IsCompleted || listed.IsCompleted || read.IsCompleted);

        await azurite.Server.ReviveAsync();

        await put;
        Assert.Equal(PrivateAzurite.OldNames, await listed);
        Assert.Equal(PrivateAzurite.OldContent, await read);
        Assert.Equal(Pattern.Bytes(2, 1000), await store.ReadBytesAsync(fresh, cancellationToken: Token));
        await AzureServer.FailsAsync(StoreErrorKind.AlreadyExists, () => store.PutBytesAsync(fresh, new byte[1], PutOptions.CreateOnly, Token).AsTask());
    }

    [Fact]
    public async Task Killed_during_a_put_of_blocks_the_old_object_stays_whole_and_the_next_put_leaves_no_blocks()
    {
        var key = StoreKey.Parse(PrivateAzurite.OldNames[1]);
        await using var store = Open();

        await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.PutAsync(key, EventfulBody.Of(2, Large, 6 << 20, azurite.Server.Kill, canReopen: false), cancellationToken: Token).AsTask());

        await azurite.Server.ReviveAsync();
        Assert.Equal(PrivateAzurite.OldContent, await store.ReadBytesAsync(key, cancellationToken: Token));
        Assert.Equal(PrivateAzurite.OldNames, await store.NamesAsync("old/"));
        await store.PutAsync(key, ObjectBody.FromStream(new PatternStream(3, Large)), cancellationToken: Token);
        Assert.Equal(Pattern.Bytes(3, Large), await store.ReadBytesAsync(key, cancellationToken: Token));
        Assert.Empty(await LooseBlocksAsync(key));
        await store.PutBytesAsync(key, PrivateAzurite.OldContent, cancellationToken: Token);
    }

    [Fact]
    public async Task Killed_during_a_put_of_blocks_and_back_in_time_the_put_gets_through_and_nothing_is_left()
    {
        var key = StoreKey.Parse("layered/object");
        await using var store = Open();

        await Retrying(store).PutAsync(key, EventfulBody.Of(2, Large, 6 << 20, KillAndRevive, canReopen: true), cancellationToken: Token);

        Assert.Equal(Pattern.Bytes(2, Large), await store.ReadBytesAsync(key, cancellationToken: Token));
        Assert.Equal([key.Value], await store.NamesAsync("layered/"));
        Assert.Empty(await LooseBlocksAsync(key));
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_create_only_put_it_cannot_have_happened_so_it_is_sent_again()
    {
        var key = StoreKey.Parse("created/half");
        await using var store = Open();

        await Retrying(store).PutAsync(key, EventfulBody.Of(2, 8 << 20, 4 << 20, KillAndRevive, canReopen: true), PutOptions.CreateOnly, Token);

        await _revived;
        Assert.Equal(Pattern.Bytes(2, 8 << 20), await store.ReadBytesAsync(key, cancellationToken: Token));
    }

    [Fact]
    public async Task Killed_when_all_of_a_create_only_put_was_given_away_its_outcome_is_unknown_and_it_is_not_sent_again()
    {
        var key = StoreKey.Parse("created/object");
        await using var store = Open();

        await AzureServer.FailsAsync(StoreErrorKind.OutcomeUnknown, () => Retrying(store).PutAsync(key, EventfulBody.Of(2, 8 << 20, 8 << 20, KillAndRevive, canReopen: true), PutOptions.CreateOnly, Token).AsTask());

        await _revived;
        Assert.Null(await store.StatAsync(key, Token));
        Assert.DoesNotContain(key.Value, await store.NamesAsync("created/"));
        await store.PutBytesAsync(key, Pattern.Bytes(3, 1000), PutOptions.CreateOnly, Token);
        Assert.Equal(Pattern.Bytes(3, 1000), await store.ReadBytesAsync(key, cancellationToken: Token));
    }

    [Fact]
    public async Task Killed_during_a_get_the_read_fails_and_goes_on_where_it_stopped_once_the_server_is_back()
    {
        await using var store = Open();
        await using (var reader = await store.OpenReadAsync(PrivateAzurite.Long, cancellationToken: Token))
        {
            await reader.Content.ReadExactlyAsync(new byte[1 << 20], Token);
            azurite.Server.Kill();
            await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => reader.Content.CopyToAsync(Stream.Null, Token));
        }
        await azurite.Server.ReviveAsync();

        await using var retried = await Retrying(store).OpenReadAsync(PrivateAzurite.Long, cancellationToken: Token);
        var content = new byte[PrivateAzurite.LongSize];
        await retried.Content.ReadExactlyAsync(content.AsMemory(0, 1 << 20), Token);
        KillAndRevive();
        await retried.Content.ReadExactlyAsync(content.AsMemory(1 << 20), Token);
        Assert.Equal(Pattern.Bytes(4, PrivateAzurite.LongSize), content);
        Assert.Equal(0, await retried.Content.ReadAsync(new byte[1], Token));
    }

    [Fact]
    public async Task Killed_during_a_listing_it_fails_and_goes_on_where_it_stopped_once_the_server_is_back()
    {
        await using var store = Open();
        var seen = new List<string>();
        await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => ListAsync(store, azurite.Server.Kill, seen));
        // The page that had come.
        Assert.Equal(PrivateAzurite.OldNames.Take(10), seen);
        await azurite.Server.ReviveAsync();

        seen.Clear();
        await ListAsync(Retrying(store), KillAndRevive, seen);
        Assert.Equal(PrivateAzurite.OldNames, seen);
    }

    private static async Task ListAsync(IStore store, Action atTheFifth, List<string> seen)
    {
        await foreach (var entry in store.ListAsync("old/", new ListOptions { PageSize = 10 }, Token))
        {
            seen.Add(entry.Name);
            if (seen.Count == 5)
                atTheFifth();
        }
    }

    private async Task<IEnumerable<BlobBlock>> LooseBlocksAsync(StoreKey key)
    {
        var options = azurite.Options;
        var service = new BlobServiceClient(options.Endpoint, new StorageSharedKeyCredential(options.Account, options.AccountKey));
        var blob = service.GetBlobContainerClient(options.Container).GetBlockBlobClient(key.Value);
        return (await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: Token)).Value.UncommittedBlocks;
    }
}
