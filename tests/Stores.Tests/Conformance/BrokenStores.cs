using System.Runtime.CompilerServices;
using System.Text;

namespace Coffer.Stores.Tests;

/// <summary>Stores that each break one promise, as real ones do. The conformance suite must notice.</summary>
internal static class BrokenStores
{
    /// <summary>Looks whether the key is free, and puts then: two creators can win.</summary>
    public sealed class ChecksBeforeItCreates(IStore inner) : DelegatingStore(inner)
    {
        public override async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (options?.Condition.Kind == PutConditionKind.IfAbsent)
            {
                if (await Inner.StatAsync(key, cancellationToken) is not null)
                    throw new StoreException(StoreErrorKind.AlreadyExists, "exists") { Operation = StoreOperation.Put, Key = key.Value };
                await Task.Yield();
                options = options with { Condition = PutCondition.Any };
            }
            return await Inner.PutAsync(key, body, options, cancellationToken);
        }
    }

    /// <summary>Takes a create-only put for any other, as some S3-compatible servers do.</summary>
    public sealed class IgnoresConditions(IStore inner) : DelegatingStore(inner)
    {
        public override ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default) =>
            Inner.PutAsync(key, body, new PutOptions { Progress = options?.Progress }, cancellationToken);
    }

    /// <summary>Gives the whole object for a range.</summary>
    public sealed class IgnoresRanges(IStore inner) : DelegatingStore(inner)
    {
        public override ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default) =>
            Inner.OpenReadAsync(key, options is null ? null : options with { Range = null }, cancellationToken);
    }

    /// <summary>Normalises names, as a file system or a URL library does.</summary>
    public sealed class AltersKeys(IStore inner) : DelegatingStore(inner)
    {
        private static StoreKey Altered(StoreKey key) => key.IsDefault ? key : StoreKey.Parse(key.Value.ToUpperInvariant());

        public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default) =>
            await Inner.StatAsync(Altered(key), cancellationToken) is { } info ? info with { Key = key } : null;

        public override ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default) =>
            Inner.OpenReadAsync(Altered(key), options, cancellationToken);

        public override ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default) =>
            Inner.PutAsync(Altered(key), body, options, cancellationToken);
    }

    /// <summary>Lists in the order of UTF-16, as a sorted list of .NET strings would.</summary>
    public sealed class SortsAsUtf16(IStore inner) : DelegatingStore(inner)
    {
        public override async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var entries = await Inner.ListAsync(prefix, options, cancellationToken).ToListAsync(cancellationToken);
            foreach (var entry in entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
            }
        }
    }

    /// <summary>Deletes what lies below a key, too.</summary>
    public sealed class DeletesByPrefix(IStore inner) : DelegatingStore(inner)
    {
        public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
        {
            if (!key.IsDefault)
            {
                foreach (var entry in await Inner.ListAsync(key.Value, cancellationToken: cancellationToken).ToListAsync(cancellationToken))
                    await Inner.DeleteAsync(entry.Key, cancellationToken);
            }
            await Inner.DeleteAsync(key, cancellationToken);
        }
    }

    /// <summary>Writes an object in two steps, so that a reader can see half of it.</summary>
    public sealed class ShowsHalves(IStore inner) : DelegatingStore(inner)
    {
        public override async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
        {
            await using var source = await body.OpenAsync(options?.Progress, cancellationToken);
            var bytes = new MemoryStream();
            await source.CopyToAsync(bytes, cancellationToken);
            var whole = bytes.ToArray();
            if (whole.Length > 1 && options is null)
                await Inner.PutBytesAsync(key, whole.AsMemory(0, whole.Length / 2), null, cancellationToken);
            await Task.Yield();
            return await Inner.PutBytesAsync(key, whole, options, cancellationToken);
        }
    }

    /// <summary>Names a version after the length of the content.</summary>
    public sealed class HasWeakVersions(IStore inner) : DelegatingStore(inner)
    {
        public override async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
        {
            var info = await Inner.PutAsync(key, body, options, cancellationToken);
            return info with { Version = new ObjectVersion(Encoding.ASCII.GetByteCount(info.Name) + "-" + info.Size) };
        }
    }

    /// <summary>Goes on when it was cancelled.</summary>
    public sealed class IgnoresCancellation(IStore inner) : DelegatingStore(inner)
    {
        public override ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default) =>
            Inner.PutAsync(key, body, options, CancellationToken.None);
    }
}
