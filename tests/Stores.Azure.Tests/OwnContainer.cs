using Azure.Storage;
using Azure.Storage.Blobs;
using Coffer.TestServers;

namespace Coffer.Stores.Azure.Tests;

/// <summary>A container of a test's own, with all that is in it, and the SDK's clients for what a store does not do.</summary>
public sealed class OwnContainer : IAsyncDisposable
{
    private OwnContainer(AzureStoreOptions options)
    {
        Options = options;
        Client = new BlobServiceClient(options.Endpoint, new StorageSharedKeyCredential(options.Account, options.AccountKey)).GetBlobContainerClient(options.Container);
    }

    /// <summary>The options of a store in the whole container.</summary>
    public AzureStoreOptions Options { get; }

    /// <summary>The SDK's client.</summary>
    public BlobContainerClient Client { get; }

    /// <summary>The container, which is not there yet.</summary>
    public static OwnContainer Absent() => new(AzureServer.FreshOptions() with { Container = "coffer-" + TestServer.FreshName(), Prefix = null });

    /// <summary>The container, empty.</summary>
    public static async Task<OwnContainer> CreateAsync()
    {
        var container = Absent();
        await container.Client.CreateAsync();
        return container;
    }

    public async ValueTask DisposeAsync() => await Client.DeleteIfExistsAsync();
}
