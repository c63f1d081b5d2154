using System.Runtime.CompilerServices;

namespace Coffer.Stores;

/// <summary>
/// Refuses what cannot work before any I/O: keys that are none, conditions that the store does not have, bodies that are too large for it. It also holds
/// the store to its own word where that is cheap: an answer about another object, a range or a condition that the server ignored, a listing out of order.
/// </summary>
/// <param name="inner">The store, most often a provider's own.</param>
public sealed class ArgumentCheckStore(IStore inner) : DelegatingStore(inner)
{
    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        StoreArguments.CheckKey(Inner, key, StoreOperation.Stat);
        var info = await Inner.StatAsync(key, cancellationToken);
        if (info is not null)
            ExpectKey(StoreOperation.Stat, key, info);
        return info;
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        StoreArguments.CheckRead(Inner, key, options);
        var reader = await Inner.OpenReadAsync(key, options, cancellationToken);
        try
        {
            CheckReader(key, options ?? ReadOptions.Default, reader);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    private void CheckReader(StoreKey key, ReadOptions options, ObjectReader reader)
    {
        ExpectKey(StoreOperation.Read, key, reader.Info);
        if (options.IfNoneMatch is { } version && reader.Info.Version == version)
        {
            throw new StoreException(StoreErrorKind.ConditionFailed, $"'{key}' still has the version '{version}' in the store {Name}.")
            {
                Operation = StoreOperation.Read,
                Key = key.Value,
                StoreName = Name,
            };
        }
        var expected = options.Range is { } range ? range.LengthWithin(reader.Info.Size) : reader.Info.Size;
        if (reader.Length != expected)
            throw Broken(StoreOperation.Read, key.Value, $"it gave {reader.Length} bytes of '{key}' where {expected?.ToString() ?? "an error"} was due, as if it had ignored the range");
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        StoreArguments.CheckPut(Inner, key, body, options);
        var info = await Inner.PutAsync(key, body, options, cancellationToken);
        ExpectKey(StoreOperation.Put, key, info);
        if (body.Length is { } length && info.Size != length)
            throw Broken(StoreOperation.Put, key.Value, $"it says that '{key}' now has {info.Size} bytes, and {length} were sent");
        return info;
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        StoreArguments.CheckKey(Inner, key, StoreOperation.Delete);
        await Inner.DeleteAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        StoreArguments.CheckKeys(Inner, keys);
        cancellationToken.ThrowIfCancellationRequested();
        if (keys.Count > 0)
            await Inner.DeleteManyAsync(keys, cancellationToken);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StoreArguments.CheckList(Inner, prefix, options);
        var last = options?.StartAfter;
        await foreach (var entry in Inner.ListAsync(prefix, options, cancellationToken))
        {
            var name = entry.Name;
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
                throw Broken(StoreOperation.List, name, $"its listing of '{prefix}' gave '{name}'");
            if (last is not null && Utf8Order.Compare(last, name) >= 0)
                throw Broken(StoreOperation.List, name, $"its listing gave '{name}' after '{last}', which is out of order");
            last = name;
            yield return entry;
        }
    }

    private void ExpectKey(StoreOperation operation, StoreKey asked, ObjectInfo given)
    {
        if (given.Key != asked)
            throw Broken(operation, asked.Value, $"it answered for '{given.Key}' when asked for '{asked}'");
    }

    private StoreException Broken(StoreOperation operation, string key, string what) =>
        new(StoreErrorKind.Unexpected, $"The store {Name} broke the contract of a store: {what}. Nothing that it gives here can be relied on.")
        {
            Operation = operation,
            Key = key,
            StoreName = Name,
        };
}
