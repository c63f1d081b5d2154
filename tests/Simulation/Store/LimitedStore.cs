using System.Runtime.CompilerServices;
using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>A store that can do less than the one behind it: weak versions of whole seconds, no time of its own but of what was just written, no deletes.</summary>
internal sealed class LimitedStore(IStore inner, StoreKind kind) : DelegatingStore(inner)
{
    public override StoreCapabilities Capabilities { get; } = kind.Capabilities with { MaxSize = inner.Capabilities.MaxSize };

    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default) =>
        await Inner.StatAsync(key, cancellationToken) is { } info ? Limit(info) : null;

    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var reader = await Inner.OpenReadAsync(key, options, cancellationToken);
        return new ObjectReader(Limit(reader.Info), reader.Content, reader.Length, reader.Range);
    }

    public override async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        var info = await Inner.PutAsync(key, body, options, cancellationToken);
        return Limit(info) with { StoreTime = info.StoreTime };
    }

    public override ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default) => kind.Deletes
        ? Inner.DeleteAsync(key, cancellationToken)
        : throw new StoreException(StoreErrorKind.PermissionDenied, $"'{key}' cannot be deleted: this store keeps everything.") { Operation = StoreOperation.Delete, Key = key.Value, StoreName = Name };

    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        foreach (var key in keys)
            await DeleteAsync(key, cancellationToken);
    }

    public override async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var info in Inner.ListAsync(prefix, options, cancellationToken))
            yield return Limit(info);
    }

    private ObjectInfo Limit(ObjectInfo info) => info with
    {
        StoreTime = Capabilities.StoreTime ? info.StoreTime : null,
        Version = Capabilities.StrongVersions || info.LastModified is not { } time ? info.Version : new ObjectVersion($"{time.ToUnixTimeSeconds()}-{info.Size}"),
    };
}
