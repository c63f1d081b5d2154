namespace Coffer.Testing;

/// <summary>All objects of a store at one moment, in memory: what a store that rolls back shows later.</summary>
public sealed class StoreSnapshot
{
    private readonly Dictionary<StoreKey, (ObjectInfo Info, byte[] Bytes)> _objects;

    private StoreSnapshot(Dictionary<StoreKey, (ObjectInfo Info, byte[] Bytes)> objects) => _objects = objects;

    /// <summary>The keys that there were.</summary>
    public IReadOnlyCollection<StoreKey> Keys => _objects.Keys;

    /// <summary>Takes one of all objects below a prefix.</summary>
    public static async Task<StoreSnapshot> TakeAsync(IStore store, string prefix = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var objects = new Dictionary<StoreKey, (ObjectInfo Info, byte[] Bytes)>();
        await foreach (var entry in store.ListAsync(prefix, cancellationToken: cancellationToken))
        {
            await using var reader = await store.OpenReadAsync(entry.Key, cancellationToken: cancellationToken);
            objects[entry.Key] = (reader.Info, await reader.ReadToEndAsync(int.MaxValue, cancellationToken));
        }
        return new StoreSnapshot(objects);
    }

    /// <summary>Whether there was an object.</summary>
    public bool Holds(StoreKey key) => _objects.ContainsKey(key);

    /// <summary>A copy of its bytes; null when there was none.</summary>
    public byte[]? BytesOf(StoreKey key) => _objects.TryGetValue(key, out var found) ? [.. found.Bytes] : null;

    /// <summary>What was said of it; null when there was none.</summary>
    public ObjectInfo? InfoOf(StoreKey key) => _objects.TryGetValue(key, out var found) ? found.Info : null;
}
