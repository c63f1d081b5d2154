namespace Coffer.Testing;

/// <summary>All objects of a store at one moment, in memory: what a store that rolls back shows later.</summary>
public sealed class StoreSnapshot
{
    private readonly Dictionary<StoreKey, (ObjectInfo Info, byte[] Bytes)> _objects;
    private readonly string _prefix;

    private StoreSnapshot(Dictionary<StoreKey, (ObjectInfo Info, byte[] Bytes)> objects, string prefix) => (_objects, _prefix) = (objects, prefix);

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
        return new StoreSnapshot(objects, prefix);
    }

    /// <summary>Makes a store hold what there was, and nothing else below the prefix: a restore from a copy.</summary>
    public async Task RestoreAsync(IStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var others = new List<StoreKey>();
        await foreach (var entry in store.ListAsync(_prefix, cancellationToken: cancellationToken))
        {
            if (!Holds(entry.Key))
                others.Add(entry.Key);
        }
        foreach (var key in others)
            await store.DeleteAsync(key, cancellationToken: cancellationToken);
        foreach (var (key, (_, bytes)) in _objects)
            await store.PutBytesAsync(key, bytes, cancellationToken: cancellationToken);
    }

    /// <summary>Whether there was an object.</summary>
    public bool Holds(StoreKey key) => _objects.ContainsKey(key);

    /// <summary>A copy of its bytes; null when there was none.</summary>
    public byte[]? BytesOf(StoreKey key) => _objects.TryGetValue(key, out var found) ? [.. found.Bytes] : null;

    /// <summary>What was said of it; null when there was none.</summary>
    public ObjectInfo? InfoOf(StoreKey key) => _objects.TryGetValue(key, out var found) ? found.Info : null;
}
