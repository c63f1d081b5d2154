namespace Coffer.Testing;

/// <summary>
/// One thing that a <see cref="MaliciousStore"/> says that is not so. Each member is asked about each answer of the store, in the order in which lies were told; what a lie does not override is passed on as it is. A lie knows what an operator of a store knows: keys, bytes, sizes and times.
/// </summary>
public abstract class Lie
{
    /// <summary>Whether an object is said not to exist: reads do not find it, and listings leave it out.</summary>
    public virtual bool Hides(StoreKey key) => false;

    /// <summary>Which object is shown under a key in the place of its own.</summary>
    public virtual StoreKey Instead(StoreKey key) => key;

    /// <summary>Names that are listed although nothing was put there; <see cref="Instead"/> or <see cref="Bytes"/> says what stands under them.</summary>
    public virtual IEnumerable<StoreKey> Invents => [];

    /// <summary>The bytes that an object is said to have; null for none at all, also where there are some.</summary>
    /// <param name="key">The key that was asked for.</param>
    /// <param name="bytes">What is there, as far as earlier lies say so; null for nothing.</param>
    public virtual byte[]? Bytes(StoreKey key, byte[]? bytes) => bytes;

    /// <summary>What is said of an object: its size, its version and its times.</summary>
    /// <param name="info">What is true of the bytes that are shown.</param>
    public virtual ObjectInfo Describe(ObjectInfo info) => info;

    /// <summary>The stream in which a body is sent.</summary>
    /// <param name="key">The key that was asked for.</param>
    /// <param name="content">The bytes that are shown, from the beginning of the range.</param>
    public virtual Stream Send(StoreKey key, Stream content) => content;

    /// <summary>Awaited before each answer: a store can take its time. Puts and deletes are not asked about.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="name">The key, or the prefix of a listing.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask AnswerAsync(StoreOperation operation, string name, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The entries of a listing, ascending as they must be, or not.</summary>
    /// <param name="prefix">What was asked for.</param>
    /// <param name="entries">What is shown so far.</param>
    public virtual IAsyncEnumerable<ObjectInfo> List(string prefix, IAsyncEnumerable<ObjectInfo> entries) => entries;
}
