using System.Runtime.CompilerServices;

namespace Coffer.Stores;

/// <summary>
/// A part of a store as a store of its own: everything below one key. Keys, listings and errors are relative to it, and nothing outside of it can be reached.
/// </summary>
/// <remarks>
/// A key may be shorter here than elsewhere: with the prefix it has at most <see cref="StoreKey.MaxBytes"/> bytes, else it is
/// <see cref="StoreErrorKind.InvalidKey"/>. An <see cref="IPresigner"/> that <see cref="IStore.Find"/> gives takes keys of this store, too; any other interface
/// that it gives is the inner store's own, and knows nothing of the prefix.
/// </remarks>
public sealed class PrefixStore : DelegatingStore
{
    private readonly string _prefix;

    /// <param name="inner">The whole store.</param>
    /// <param name="prefix">The key below which this store lies, without a trailing <c>/</c>.</param>
    public PrefixStore(IStore inner, StoreKey prefix)
        : base(inner)
    {
        if (prefix.IsDefault)
            throw new ArgumentException("The default StoreKey is no key; make one with StoreKey.Parse.", nameof(prefix));
        _prefix = prefix.Value + "/";
    }

    /// <inheritdoc/>
    public override string Name => $"{Inner.Name} (below {_prefix})";

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var full = Full(key, StoreOperation.Stat);
        try
        {
            return await Inner.StatAsync(full, cancellationToken) is { } info ? Relative(info) : null;
        }
        catch (StoreException e) when (IsOurs(e))
        {
            throw Relative(e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var full = Full(key, StoreOperation.Read);
        try
        {
            var reader = await Inner.OpenReadAsync(full, options, cancellationToken);
            return new ObjectReader(Relative(reader.Info), new RelativeStream(reader, this), reader.Length, reader.Range);
        }
        catch (StoreException e) when (IsOurs(e))
        {
            throw Relative(e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        var full = Full(key, StoreOperation.Put);
        try
        {
            return Relative(await Inner.PutAsync(full, body, options, cancellationToken));
        }
        catch (StoreException e) when (IsOurs(e))
        {
            throw Relative(e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var full = Full(key, StoreOperation.Delete);
        try
        {
            await Inner.DeleteAsync(full, cancellationToken);
        }
        catch (StoreException e) when (IsOurs(e))
        {
            throw Relative(e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var full = new StoreKey[keys.Count];
        for (var i = 0; i < full.Length; i++)
            full[i] = Full(keys[i], StoreOperation.Delete);
        try
        {
            await Inner.DeleteManyAsync(full, cancellationToken);
        }
        catch (StoreException e) when (IsOurs(e))
        {
            throw Relative(e);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (options?.StartAfter is { } after)
            options = options with { StartAfter = _prefix + after };
        await using var entries = Inner.ListAsync(_prefix + prefix, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await entries.MoveNextAsync())
                    yield break;
            }
            catch (StoreException e) when (IsOurs(e))
            {
                throw Relative(e);
            }
            yield return Relative(entries.Current);
        }
    }

    /// <inheritdoc/>
    public override object? Find(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type == typeof(IPresigner) && Inner.Find<IPresigner>() is { } presigner ? new RelativePresigner(presigner, this) : base.Find(type);
    }

    private StoreKey Full(StoreKey key, StoreOperation operation)
    {
        if (key.IsDefault)
            StoreArguments.CheckKey(this, key, operation);
        if (StoreKey.TryParse(_prefix + key.Value, out var full))
            return full;
        throw new StoreException(StoreErrorKind.InvalidKey, $"'{key}' is too long for the store {Name}: with the prefix it has more than {StoreKey.MaxBytes} bytes of UTF-8.")
        {
            Operation = operation,
            Key = key.Value,
            StoreName = Name,
        };
    }

    private ObjectInfo Relative(ObjectInfo info) => info with { Key = StoreKey.Parse(info.Key.Value[_prefix.Length..]) };

    /// <summary>An error of another store, from which a body is read during a put, passes as it is.</summary>
    private bool IsOurs(StoreException e) => e.StoreName is null || string.Equals(e.StoreName, Inner.Name, StringComparison.Ordinal);

    private StoreException Relative(StoreException e) => new(e.Kind, e.Message, e)
    {
        IsTransient = e.IsTransient,
        HadNoEffect = e.HadNoEffect,
        RetryAfter = e.RetryAfter,
        Operation = e.Operation,
        Key = e.Key is { } key && key.StartsWith(_prefix, StringComparison.Ordinal) ? key[_prefix.Length..] : e.Key,
        StoreName = Name,
    };

    private sealed class RelativePresigner(IPresigner presigner, PrefixStore store) : IPresigner
    {
        public async ValueTask<Uri> PresignAsync(StoreKey key, PresignedAccess access, TimeSpan lifetime, CancellationToken cancellationToken = default)
        {
            var full = store.Full(key, StoreOperation.Open);
            try
            {
                return await presigner.PresignAsync(full, access, lifetime, cancellationToken);
            }
            catch (StoreException e) when (store.IsOurs(e))
            {
                throw store.Relative(e);
            }
        }
    }

    private sealed class RelativeStream(ObjectReader reader, PrefixStore store) : LayerStream(reader)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ReadAsync(buffer, cancellationToken);
            }
            catch (StoreException e) when (store.IsOurs(e))
            {
                throw store.Relative(e);
            }
        }

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return base.Read(buffer);
            }
            catch (StoreException e) when (store.IsOurs(e))
            {
                throw store.Relative(e);
            }
        }
    }
}
