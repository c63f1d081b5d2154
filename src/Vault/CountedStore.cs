using System.Runtime.CompilerServices;

namespace Coffer.Vaults;

/// <summary>The store of a vault, with a count of what the vault asks of it, for its figures. What a layer below asks once more, because an answer was lost, is not seen here.</summary>
internal sealed class CountedStore(IStore inner) : DelegatingStore(inner)
{
    // What one page of a listing or one batch of deletes has on the usual services.
    private const int PageSize = 1_000;

    private long _stats;
    private long _reads;
    private long _puts;
    private long _deletes;
    private long _lists;

    /// <summary>The requests so far.</summary>
    public VaultRequests Requests => new()
    {
        Stat = Interlocked.Read(ref _stats),
        Read = Interlocked.Read(ref _reads),
        Put = Interlocked.Read(ref _puts),
        Delete = Interlocked.Read(ref _deletes),
        List = Interlocked.Read(ref _lists),
    };

    public override ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _stats);
        return Inner.StatAsync(key, cancellationToken);
    }

    public override ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return Inner.OpenReadAsync(key, options, cancellationToken);
    }

    public override ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _puts);
        return Inner.PutAsync(key, body, options, cancellationToken);
    }

    public override ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _deletes);
        return Inner.DeleteAsync(key, cancellationToken);
    }

    public override ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        Interlocked.Add(ref _deletes, (keys.Count + PageSize - 1) / PageSize);
        return Inner.DeleteManyAsync(keys, cancellationToken);
    }

    public override async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _lists);
        var entries = 0;
        await foreach (var entry in Inner.ListAsync(prefix, options, cancellationToken))
        {
            if (entries > 0 && entries % PageSize == 0)
                Interlocked.Increment(ref _lists);
            entries++;
            yield return entry;
        }
    }
}
