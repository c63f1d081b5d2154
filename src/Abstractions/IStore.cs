namespace Coffer;

/// <summary>
/// An object store: whole objects under keys. This is the small contract that a provider writes; conveniences over it are in
/// <see cref="StoreExtensions"/>, written once. Everything said here is checked by the conformance suite in Coffer.Testing.
/// </summary>
/// <remarks>
/// All members may be called at the same time, by any number of callers. All may throw <see cref="StoreException"/>, and
/// <see cref="OperationCanceledException"/> when the token is cancelled, before or during the request.
/// </remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary>The store's name for people and logs: its URL without secrets.</summary>
    string Name { get; }

    /// <summary>What holds for this store.</summary>
    StoreCapabilities Capabilities { get; }

    /// <summary>What the store knows of an object, or null when there is none.</summary>
    ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens an object for reading. Its <see cref="ObjectReader.Info"/> comes from the same response as its content. A content that ends early is an error
    /// while it is read, and so is a range that the server ignored: never a short read reported as success.
    /// </summary>
    /// <exception cref="StoreException">
    /// <see cref="StoreErrorKind.NotFound"/>, <see cref="StoreErrorKind.RangeNotSatisfiable"/>, or <see cref="StoreErrorKind.ConditionFailed"/> when
    /// <see cref="ReadOptions.IfNoneMatch"/> is the object's version.
    /// </exception>
    ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts an object, all or nothing: readers see the old object or the whole new one, and success means durable. Gives the new object's info.
    /// </summary>
    /// <remarks>
    /// A create-only put whose body has no known length, or one above <see cref="StoreCapabilities.MaxConditionalSize"/>, is
    /// <see cref="StoreErrorKind.Unsupported"/> before any I/O. A conditional put whose answer was lost is <see cref="StoreErrorKind.OutcomeUnknown"/>.
    /// </remarks>
    ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes one object, never a prefix. A missing object is success.</summary>
    ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default);

    /// <summary>Deletes several objects in as few requests as the store can. Missing ones are success; when it fails, some may be gone.</summary>
    ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the objects whose keys begin with <paramref name="prefix"/>, a raw text that may end within a segment, in ascending order of the bytes of UTF-8 over
    /// the whole key. Every object that stays throughout is given exactly once; one that comes or goes meanwhile, at most once. Not a snapshot.
    /// Nothing is held but one page, or the names of the largest single folder on a file system.
    /// </summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// This store, or one that it wraps, as <paramref name="type"/>, an optional interface of a provider; null when there is none.
    /// </summary>
    object? Find(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsInstanceOfType(this) ? this : null;
    }
}
