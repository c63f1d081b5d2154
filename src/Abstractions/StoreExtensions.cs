using System.Text;

namespace Coffer;

/// <summary>Conveniences over <see cref="IStore"/>, the same for every store.</summary>
public static class StoreExtensions
{
    /// <summary>The default limit of <see cref="ReadBytesAsync"/>: 64 MiB.</summary>
    public const int DefaultReadLimit = 64 << 20;

    /// <summary>This store, or one inside it, as an optional interface; null when there is none.</summary>
    public static T? Find<T>(this IStore store)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        return (T?)store.Find(typeof(T));
    }

    /// <summary>Whether there is such an object.</summary>
    public static async ValueTask<bool> ExistsAsync(this IStore store, StoreKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.StatAsync(key, cancellationToken) is not null;
    }

    /// <summary>Reads an object, or a range of it, into memory.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The object.</param>
    /// <param name="range">The part to read; null for all of it.</param>
    /// <param name="limit">The most bytes to accept; an object that has more fails before any of it is read.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="StoreException">The object is missing, is larger than the limit (<see cref="StoreErrorKind.QuotaExceeded"/>), or cannot be read.</exception>
    public static async ValueTask<byte[]> ReadBytesAsync(
        this IStore store, StoreKey key, ByteRange? range = null, int limit = DefaultReadLimit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var options = range is null ? ReadOptions.Default : new ReadOptions { Range = range };
        await using var reader = await store.OpenReadAsync(key, options, cancellationToken);
        return await reader.ReadToEndAsync(limit, cancellationToken);
    }

    /// <summary>Reads the rest of an opened object into memory.</summary>
    /// <exception cref="StoreException">It is larger than the limit (<see cref="StoreErrorKind.QuotaExceeded"/>), or cannot be read.</exception>
    public static async ValueTask<byte[]> ReadToEndAsync(this ObjectReader reader, int limit = DefaultReadLimit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.Length > limit)
        {
            throw new StoreException(StoreErrorKind.QuotaExceeded, $"'{reader.Info.Key}' has {reader.Length} bytes, more than the {limit} that are accepted here.")
            {
                Operation = StoreOperation.Read,
                Key = reader.Info.Key.Value,
            };
        }
        var bytes = new byte[reader.Length];
        // The content gives as many bytes as were announced, or fails.
        await reader.Content.ReadFullyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Reads an object of UTF-8 text.</summary>
    /// <exception cref="StoreException">As <see cref="ReadBytesAsync"/>.</exception>
    /// <exception cref="DecoderFallbackException">The object is no valid UTF-8.</exception>
    public static async ValueTask<string> ReadTextAsync(this IStore store, StoreKey key, CancellationToken cancellationToken = default) =>
        StrictUtf8.GetString(await store.ReadBytesAsync(key, cancellationToken: cancellationToken));

    /// <summary>Puts bytes.</summary>
    public static ValueTask<ObjectInfo> PutBytesAsync(
        this IStore store, StoreKey key, ReadOnlyMemory<byte> bytes, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.PutAsync(key, ObjectBody.FromBytes(bytes), options, cancellationToken);
    }

    /// <summary>Puts text as UTF-8.</summary>
    public static ValueTask<ObjectInfo> PutTextAsync(
        this IStore store, StoreKey key, string text, PutOptions? options = null, CancellationToken cancellationToken = default) =>
        store.PutBytesAsync(key, StrictUtf8.GetBytes(text), options, cancellationToken);

    /// <summary>Copies every object below a prefix to another store, under the same keys, replacing what is there. Gives the number of objects.</summary>
    public static async ValueTask<long> CopyTreeAsync(this IStore from, string prefix, IStore to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var count = 0L;
        await foreach (var entry in from.ListAsync(prefix, cancellationToken: cancellationToken))
        {
            var body = ObjectBody.FromSource(
                async token => (await from.OpenReadAsync(entry.Key, cancellationToken: token)).Content, entry.Size, canReopen: true);
            await to.PutAsync(entry.Key, body, cancellationToken: cancellationToken);
            count++;
        }
        return count;
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
