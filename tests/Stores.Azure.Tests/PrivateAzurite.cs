using Coffer.Testing;
using Coffer.TestServers;

namespace Coffer.Stores.Azure.Tests;

/// <summary>An Azurite of one test class's own, which may be killed. It has written to disk what <see cref="OldNames"/> and the like name; newer things it may lose when it is killed.</summary>
public sealed class PrivateAzurite : IAsyncLifetime
{
    /// <summary>More than lies in the buffers of a connection.</summary>
    public const int LongSize = 48 << 20;

    private const int OldSize = 1000;

    private PrivateServer? _server;

    /// <summary>The server.</summary>
    public PrivateServer Server => _server ?? throw new InvalidOperationException("It was not started.");

    /// <summary>A large object.</summary>
    public static StoreKey Long { get; } = StoreKey.Parse("long");

    /// <summary>Small objects.</summary>
    public static IReadOnlyList<string> OldNames { get; } = [.. Enumerable.Range(0, 25).Select(static i => $"old/{i:00}")];

    /// <summary>What is in each small object.</summary>
    public static byte[] OldContent { get; } = Pattern.Bytes(1, OldSize);

    /// <summary>The store, with small blocks and without a look for its container.</summary>
    public AzureStoreOptions Options { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PrivateServer.StartAsync("azure");
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["connectionString"] = _server.Variables["AZURE_STORAGE_CONNECTION_STRING"] };
        var options = AzureStoreOptions.From(StoreUrl.Parse(_server.Variables["COFFER_TEST_AZURE_URL"]), new StoreContext { Settings = settings });
        Options = options with { BlockSize = 1 << 20, ParallelBlocks = 2, Create = false };
        await using (var store = new AzureStore(options, TimeProvider.System))
        {
            await store.PutAsync(Long, ObjectBody.FromStream(new PatternStream(4, LongSize), LongSize));
            foreach (var name in OldNames)
                await store.PutBytesAsync(StoreKey.Parse(name), OldContent);
        }
        await WrittenAsync(DateTime.UtcNow);
    }

    /// <summary>Azurite writes what it knows of its blobs every five seconds.</summary>
    private async Task WrittenAsync(DateTime since)
    {
        string[] files = [.. ((string[])["__azurite_db_blob__.json", "__azurite_db_blob_extent__.json"]).Select(name => Path.Combine(Server.Folder, "azurite", "data", name))];
        while (!files.All(file => File.GetLastWriteTimeUtc(file) > since))
            await Task.Delay(50);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
