using System.Net.Http.Headers;
using Azure.Storage.Blobs;
using Coffer.Testing;
using Coffer.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Stores.Azure.Tests;

/// <summary>What a real server is asked beside the conformance suite.</summary>
public sealed class ServerTests
{
    private static readonly StoreKey Key = StoreKey.Parse("folder/object");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_key_is_refused_and_not_repeated()
    {
        var wrong = Convert.ToBase64String(Pattern.Bytes(1, 64));
        await using var store = new AzureStore(AzureServer.FreshOptions() with { AccountKey = wrong }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<StoreException>(() => store.StatAsync(Key).AsTask());
        // Azurite says AuthorizationFailure, by which the service itself means its firewall.
        Assert.True(error.Kind is StoreErrorKind.Unauthenticated or StoreErrorKind.PermissionDenied, error.ToString());
        Assert.Contains("key", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_container_is_an_error_that_names_the_option()
    {
        var container = OwnContainer.Absent();
        await using var store = new AzureStore(container.Options with { Create = false }, TimeProvider.System);
        foreach (var ask in (Func<Task>[])[() => store.StatAsync(Key).AsTask(), () => store.OpenReadAsync(Key).AsTask(), () => store.PutBytesAsync(Key, new byte[1]).AsTask(),
            () => store.PutAsync(Key, ObjectBody.FromStream(new PatternStream(1, 20 << 20))).AsTask(), () => store.DeleteAsync(Key).AsTask(), () => store.NamesAsync()])
        {
            Assert.Contains("create=true", (await AzureServer.FailsAsync(StoreErrorKind.NotFound, ask)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_first_put_makes_the_container_where_that_was_asked_for()
    {
        await using var container = OwnContainer.Absent();
        await using var store = new AzureStore(container.Options with { Create = true }, TimeProvider.System);
        Assert.Null(await store.StatAsync(Key, Token));
        Assert.Empty(await store.NamesAsync());
        await store.DeleteAsync(Key, Token);
        await AzureServer.FailsAsync(StoreErrorKind.NotFound, () => store.OpenReadAsync(Key).AsTask());
        Assert.False(await container.Client.ExistsAsync(Token));
        await store.PutBytesAsync(Key, new byte[1], PutOptions.CreateOnly, Token);
        Assert.Equal([Key.Value], await store.NamesAsync());
        await using var other = new AzureStore(container.Options with { Create = true }, TimeProvider.System);
        await other.PutBytesAsync(Key, new byte[1], cancellationToken: Token);
        Assert.Equal(($"the container '{container.Options.Container}'", null), (await store.RemoveTracesAsync(Token), await other.RemoveTracesAsync(Token)));
    }

    [Fact]
    public async Task Blobs_of_others_that_are_no_keys_are_not_listed()
    {
        await using var container = await OwnContainer.CreateAsync();
        await using var store = new AzureStore(container.Options, TimeProvider.System);
        foreach (var name in (string[])["a//b", "plain", "trailing.", "x//y/z"])
            await container.Client.UploadBlobAsync(name, new BinaryData("x"), Token);
        Assert.Equal(["plain"], await store.NamesAsync());
        await store.DeleteAsync(StoreKey.Parse("a"), Token);
        Assert.True(await container.Client.GetBlobClient("a//b").ExistsAsync(Token));
    }

    [Fact]
    public async Task A_host_that_is_not_known_or_refuses_is_Unavailable_and_named()
    {
        var options = AzureServer.FreshOptions();
        await using (var store = new AzureStore(options with { Endpoint = new Uri("http://no-such-account.invalid") }, TimeProvider.System))
            Assert.Contains("no-such-account.invalid", (await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => store.StatAsync(Key).AsTask())).Message, StringComparison.Ordinal);
        await using var proxy = AzureServer.Proxy();
        await proxy.RefuseAsync();
        await using var refused = AzureServer.Open(proxy, options);
        var error = await AzureServer.FailsAsync(StoreErrorKind.Unavailable, () => refused.PutBytesAsync(Key, new byte[1], PutOptions.CreateOnly).AsTask());
        Assert.Contains($"127.0.0.1:{proxy.Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_URL_reads_and_writes_one_object_without_credentials()
    {
        await using var store = AzureServer.Open();
        // Signing asks nobody, so something else has to make the container.
        await store.PutTextAsync(StoreKey.Parse("first"), "x", cancellationToken: Token);
        using var client = new HttpClient();
        var presigner = new PrefixStore(store, StoreKey.Parse("inner")).Find<IPresigner>();
        Assert.NotNull(presigner);
        var write = await store.PresignAsync(Key, PresignedAccess.Write, TimeSpan.FromMinutes(5), Token);
        using var content = new ByteArrayContent(Pattern.Bytes(1, 1000)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        content.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var put = await client.PutAsync(write, content, Token);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Token));
        var read = await store.PresignAsync(Key, PresignedAccess.Read, TimeSpan.FromMinutes(5), Token);
        Assert.Equal(Pattern.Bytes(1, 1000), await client.GetByteArrayAsync(read, Token));
        using var other = await client.GetAsync(write, Token);
        Assert.False(other.IsSuccessStatusCode);
        await AzureServer.CleanAsync(store);
    }

    [Fact]
    public async Task Two_writers_of_one_large_object_never_mix_their_blocks()
    {
        var options = AzureServer.FreshOptions() with { BlockSize = 1 << 20 };
        await using var store = new RetryStore(new AzureStore(options, TimeProvider.System), TimeProvider.System, new RetryOptions { Delay = TimeSpan.FromMilliseconds(10) });
        const int Size = 4 << 20;
        for (var round = 0; round < 2; round++)
        {
            await Task.WhenAll(Enumerable.Range(1, 2).Select(writer => store.PutAsync(Key, ObjectBody.FromStream(new PatternStream((ulong)writer, Size, seekable: true))).AsTask()));
            var found = await store.ReadBytesAsync(Key, cancellationToken: Token);
            Assert.Contains(Enumerable.Range(1, 2), writer => found.AsSpan().SequenceEqual(Pattern.Bytes((ulong)writer, Size)));
        }
        await AzureServer.CleanAsync(store);
    }
}
