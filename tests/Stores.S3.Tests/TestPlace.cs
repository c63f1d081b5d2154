namespace Coffer.Stores.S3.Tests;

/// <summary>A place of one's own on the server: a prefix that nobody else has, emptied at the end.</summary>
internal sealed class TestPlace : IAsyncDisposable
{
    public string Name { get; } = TestServer.FreshName();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The URL of the place.</summary>
    public string Url => TestServer.Below(TestServer.S3, Name);

    public S3StoreOptions Options => S3StoreOptions.From(StoreUrl.Parse(Url), new StoreContext());

    public S3Store Open() => new(Options);

    /// <summary>The place as a proxy of the test's leads to it.</summary>
    public S3StoreOptions Through(FaultProxy proxy) => Options with { Endpoint = new Uri($"http://127.0.0.1:{proxy.Port}") };

    public static FaultProxy Proxy()
    {
        var endpoint = S3StoreOptions.From(StoreUrl.Parse(TestServer.S3), new StoreContext()).Endpoint ?? throw new InvalidOperationException("COFFER_TEST_S3_URL names no endpoint.");
        return new FaultProxy(endpoint.Host, endpoint.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await using var store = Open();
        var keys = new List<StoreKey>();
        await foreach (var entry in store.ListAsync())
            keys.Add(entry.Key);
        await store.DeleteManyAsync(keys);
    }
}
