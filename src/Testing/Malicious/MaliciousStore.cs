using System.Runtime.CompilerServices;

namespace Coffer.Testing;

/// <summary>
/// A store that lies as it is told (<see cref="Lie"/>): what is put through it arrives in the store inside, and what is read through it is what the lies make of that. Several of them around one store show it to several people in several ways. It is for tests of what must not believe a store; bodies are held in memory while they are read.
/// </summary>
/// <param name="inner">The honest store inside.</param>
public sealed class MaliciousStore(IStore inner) : DelegatingStore(inner)
{
    private readonly Lock _lock = new();
    private readonly List<Lie> _lies = [];

    /// <summary>Begins to lie. Dispose what it gives to end that.</summary>
    public IDisposable Tell(Lie lie)
    {
        ArgumentNullException.ThrowIfNull(lie);
        lock (_lock)
            _lies.Add(lie);
        return new Told(this, lie);
    }

    /// <summary>Ends all lies.</summary>
    public void BeHonest()
    {
        lock (_lock)
            _lies.Clear();
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        // What the store inside refuses, this one refuses.
        var honest = await Inner.StatAsync(key, cancellationToken);
        var lies = Lies();
        await AnswerAsync(lies, StoreOperation.Stat, key.Value, cancellationToken);
        return lies.Length == 0 ? honest : (await ShowAsync(lies, key, cancellationToken))?.Info;
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var lies = Lies();
        if (lies.Length == 0)
            return await Inner.OpenReadAsync(key, options, cancellationToken);
        await AnswerAsync(lies, StoreOperation.Read, key.Value, cancellationToken);
        var (info, bytes) = await ShowAsync(lies, key, cancellationToken) ?? throw Fault(StoreErrorKind.NotFound, key, $"There is no object '{key}'.");
        if (options?.IfNoneMatch is { } known && info.Version == known)
            throw Fault(StoreErrorKind.ConditionFailed, key, $"'{key}' has the version that is known.");
        var (start, length) = (0L, info.Size);
        if (options?.Range is { } range)
        {
            if (range.LengthWithin(info.Size) is not { } within)
                throw Fault(StoreErrorKind.RangeNotSatisfiable, key, $"'{key}' has {info.Size} bytes.");
            (start, length) = (range.Offset, within);
        }
        var from = (int)Math.Min(start, bytes.Length);
        Stream content = new MemoryStream(bytes, from, (int)Math.Min(length, bytes.Length - from), writable: false);
        foreach (var lie in lies)
            content = lie.Send(key, content);
        return new ObjectReader(info, content, length, options?.Range);
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        var lies = Lies();
        return lies.Length == 0 ? Inner.ListAsync(prefix, options, cancellationToken) : ListAsync(lies, prefix, options ?? new ListOptions(), cancellationToken);
    }

    private async IAsyncEnumerable<ObjectInfo> ListAsync(Lie[] lies, string prefix, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await AnswerAsync(lies, StoreOperation.List, prefix, cancellationToken);
        var shown = ShownAsync(lies, prefix, cancellationToken);
        foreach (var lie in lies)
            shown = lie.List(prefix, shown);
        string? last = null;
        await foreach (var entry in shown.WithCancellation(cancellationToken))
        {
            var named = options.Shallow && entry.Key.Value.IndexOf('/', prefix.Length) is >= 0 and var slash
                ? new ObjectInfo(StoreKey.Parse(entry.Key.Value[..slash]), 0) { IsPrefix = true, StoreTime = entry.StoreTime }
                : entry;
            if (named.IsPrefix && named.Name == last)
                continue;
            if (options.StartAfter is { } after && Utf8Order.Compare(named.Name, after) <= 0)
                continue;
            last = named.Name;
            yield return named;
        }
    }

    private static async ValueTask AnswerAsync(Lie[] lies, StoreOperation operation, string name, CancellationToken cancellationToken)
    {
        foreach (var lie in lies)
            await lie.AnswerAsync(operation, name, cancellationToken);
    }

    /// <summary>All entries below a prefix as the lies have them, in order.</summary>
    private async IAsyncEnumerable<ObjectInfo> ShownAsync(Lie[] lies, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = new SortedSet<StoreKey>(Comparer<StoreKey>.Create(static (left, right) => Utf8Order.Compare(left.Value, right.Value)));
        await foreach (var entry in Inner.ListAsync(prefix, cancellationToken: cancellationToken))
            keys.Add(entry.Key);
        keys.UnionWith(lies.SelectMany(static lie => lie.Invents).Where(key => key.Value.StartsWith(prefix, StringComparison.Ordinal)));
        foreach (var key in keys)
        {
            if (await ShowAsync(lies, key, cancellationToken) is var (info, _))
                yield return info;
        }
    }

    /// <summary>What stands under a key, as the lies have it.</summary>
    private async ValueTask<(ObjectInfo Info, byte[] Bytes)?> ShowAsync(Lie[] lies, StoreKey key, CancellationToken cancellationToken)
    {
        var shown = key;
        foreach (var lie in lies)
        {
            if (lie.Hides(key))
                return null;
            shown = lie.Instead(shown);
        }
        var (info, bytes) = await ReadAsync(shown, cancellationToken);
        foreach (var lie in lies)
            bytes = lie.Bytes(key, bytes);
        if (bytes is null)
            return null;
        info = (info ?? new ObjectInfo(key, 0)) with { Key = key, Size = bytes.Length };
        foreach (var lie in lies)
            info = lie.Describe(info);
        return (info, bytes);
    }

    private async ValueTask<(ObjectInfo? Info, byte[]? Bytes)> ReadAsync(StoreKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await Inner.OpenReadAsync(key, cancellationToken: cancellationToken);
            return (reader.Info, await reader.ReadToEndAsync(int.MaxValue, cancellationToken));
        }
        catch (StoreException fault) when (fault.Kind == StoreErrorKind.NotFound)
        {
            return (null, null);
        }
    }

    private Lie[] Lies()
    {
        lock (_lock)
            return [.. _lies];
    }

    private StoreException Fault(StoreErrorKind kind, StoreKey key, string message) =>
        new(kind, message) { Operation = StoreOperation.Read, Key = key.Value, StoreName = Name };

    private sealed class Told(MaliciousStore store, Lie lie) : IDisposable
    {
        public void Dispose()
        {
            lock (store._lock)
                store._lies.Remove(lie);
        }
    }
}
