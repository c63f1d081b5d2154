namespace Coffer;

/// <summary>
/// An optional interface of stores that make something of their own beside the objects: the folder of the store, one for temporary files, a bucket. For who only tries a place out, and
/// wants to leave it as it was. Found with <c>store.Find&lt;IStoreTraces&gt;()</c>.
/// </summary>
public interface IStoreTraces
{
    /// <summary>
    /// Removes the folders that this store made, as far as nothing is in them any more. What was there before it stays, and so does what holds an object or what somebody else uses. The
    /// store can be used further, and makes again what it needs. To be called while nobody else begins to use the same place.
    /// </summary>
    /// <returns>What this store made and does not remove, in words for a person (<c>the bucket 'team'</c>); null when there is nothing.</returns>
    /// <exception cref="StoreException">The server could not be asked, or refused.</exception>
    ValueTask<string?> RemoveTracesAsync(CancellationToken cancellationToken = default);
}
