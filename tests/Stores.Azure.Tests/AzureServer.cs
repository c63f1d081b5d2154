using Coffer.TestServers;

namespace Coffer.Stores.Azure.Tests;

/// <summary>The Azure Blob server of the tests, and stores below names of their own on it.</summary>
public static class AzureServer
{
    /// <summary>A URL below which nobody else works.</summary>
    public static string FreshPlace() => TestServer.Below(TestServer.Azure, TestServer.FreshName());

    /// <summary>The options of a store below a name of its own, with the credentials of the environment.</summary>
    public static AzureStoreOptions FreshOptions() => AzureStoreOptions.From(StoreUrl.Parse(FreshPlace()), new StoreContext());

    /// <summary>A bare store, below a name of its own.</summary>
    public static AzureStore Open() => new(FreshOptions(), TimeProvider.System);

    /// <summary>A bare store whose every connection goes through the proxy.</summary>
    public static AzureStore Open(FaultProxy proxy, AzureStoreOptions options) => new(Through(proxy, options), TimeProvider.System);

    /// <summary>The same options, with the proxy in place of the server.</summary>
    public static AzureStoreOptions Through(FaultProxy proxy, AzureStoreOptions options) =>
        options with { Endpoint = new UriBuilder(options.Endpoint!) { Host = "127.0.0.1", Port = proxy.Port }.Uri };

    /// <summary>A proxy in front of the server.</summary>
    public static FaultProxy Proxy()
    {
        var endpoint = FreshOptions().Endpoint!;
        return new FaultProxy(endpoint.Host, endpoint.Port);
    }

    /// <summary>Deletes everything below the store's prefix.</summary>
    public static async Task CleanAsync(IStore store)
    {
        var keys = new List<StoreKey>();
        await foreach (var entry in store.ListAsync())
            keys.Add(entry.Key);
        await store.DeleteManyAsync(keys);
    }

    /// <summary>The names of a listing.</summary>
    public static async Task<List<string>> NamesAsync(this IStore store, string prefix = "", ListOptions? options = null)
    {
        var names = new List<string>();
        await foreach (var entry in store.ListAsync(prefix, options, TestContext.Current.CancellationToken))
            names.Add(entry.Name);
        return names;
    }

    /// <summary>The error that an action must end with.</summary>
    public static async Task<StoreException> FailsAsync(StoreErrorKind kind, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<StoreException>(action);
        Assert.True(kind == error.Kind, $"expected {kind}, got {error.Kind}: {error.Message}");
        return error;
    }
}
