using System.Runtime.CompilerServices;

namespace Coffer.Stores.Tests;

/// <summary>A store that does what a test says before and after each operation, and notes what it was asked.</summary>
internal sealed class ScriptedStore(IStore inner) : DelegatingStore(inner)
{
    public List<string> Calls { get; } = [];

    /// <summary>Called before the effect with the number of the call, from 1.</summary>
    public Func<StoreOperation, int, CancellationToken, ValueTask>? Before { get; set; }

    /// <summary>Called after the effect of a put or a delete with the number of the call, from 1.</summary>
    public Func<StoreOperation, int, CancellationToken, ValueTask>? After { get; set; }

    /// <summary>What becomes of an info on its way out.</summary>
    public Func<ObjectInfo, ObjectInfo> Change { get; set; } = info => info;

    /// <summary>What becomes of a reader on its way out.</summary>
    public Func<ObjectReader, ObjectReader> ChangeReader { get; set; } = reader => reader;

    /// <summary>What becomes of a listing on its way out.</summary>
    public Func<IAsyncEnumerable<ObjectInfo>, IAsyncEnumerable<ObjectInfo>> ChangeListing { get; set; } = entries => entries;

    public StoreCapabilities? Can { get; set; }

    public bool IsDisposed { get; private set; }

    public override StoreCapabilities Capabilities => Can ?? base.Capabilities;

    public static StoreException Error(StoreErrorKind kind, TimeSpan? retryAfter = null, bool hadNoEffect = false) =>
        new(kind, "scripted") { RetryAfter = retryAfter, HadNoEffect = hadNoEffect };

    private async ValueTask Enter(StoreOperation operation, string what, CancellationToken cancellationToken)
    {
        Calls.Add($"{operation} {what}".TrimEnd());
        if (Before is not null)
            await Before(operation, Calls.Count, cancellationToken);
    }

    private async ValueTask Leave(StoreOperation operation, CancellationToken cancellationToken)
    {
        if (After is not null)
            await After(operation, Calls.Count, cancellationToken);
    }

    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        await Enter(StoreOperation.Stat, key.Value, cancellationToken);
        return await Inner.StatAsync(key, cancellationToken) is { } info ? Change(info) : null;
    }

    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Enter(StoreOperation.Read, $"{key} {options?.Range}", cancellationToken);
        return ChangeReader(await Inner.OpenReadAsync(key, options, cancellationToken));
    }

    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Enter(StoreOperation.Put, key.Value, cancellationToken);
        var info = await Inner.PutAsync(key, body, options, cancellationToken);
        await Leave(StoreOperation.Put, cancellationToken);
        return Change(info);
    }

    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        await Enter(StoreOperation.Delete, key.Value, cancellationToken);
        await Inner.DeleteAsync(key, cancellationToken);
        await Leave(StoreOperation.Delete, cancellationToken);
    }

    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        await Enter(StoreOperation.Delete, string.Join(',', keys), cancellationToken);
        await Inner.DeleteManyAsync(keys, cancellationToken);
        await Leave(StoreOperation.Delete, cancellationToken);
    }

    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Enter(StoreOperation.List, $"{prefix}>{options?.StartAfter}", cancellationToken);
        await foreach (var entry in ChangeListing(Inner.ListAsync(prefix, options, cancellationToken)).WithCancellation(cancellationToken))
            yield return entry;
    }

    public override async ValueTask DisposeAsync()
    {
        IsDisposed = true;
        await base.DisposeAsync();
    }
}
