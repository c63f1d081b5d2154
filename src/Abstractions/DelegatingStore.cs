namespace Coffer;

/// <summary>
/// A layer around a store: passes everything on, and lets those that derive from it change what they are for. Disposing it disposes the inner store.
/// </summary>
public abstract class DelegatingStore : IStore
{
    /// <param name="inner">The store to pass everything on to.</param>
    protected DelegatingStore(IStore inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
    }

    /// <summary>The store inside.</summary>
    protected IStore Inner { get; }

    /// <inheritdoc/>
    public virtual string Name => Inner.Name;

    /// <inheritdoc/>
    public virtual StoreCapabilities Capabilities => Inner.Capabilities;

    /// <inheritdoc/>
    public virtual ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default) => Inner.StatAsync(key, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default) =>
        Inner.OpenReadAsync(key, options, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default) =>
        Inner.PutAsync(key, body, options, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default) => Inner.DeleteAsync(key, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default) =>
        Inner.DeleteManyAsync(keys, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, CancellationToken cancellationToken = default) =>
        Inner.ListAsync(prefix, options, cancellationToken);

    /// <inheritdoc/>
    public virtual object? Find(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsInstanceOfType(this) ? this : Inner.Find(type);
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
