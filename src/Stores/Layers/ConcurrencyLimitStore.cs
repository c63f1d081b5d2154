using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Coffer.Stores;

/// <summary>
/// Limits how many requests the store inside is sent at a time; the others wait their turn, first come, first served. A read holds its permit until its
/// reader is disposed.
/// </summary>
/// <remarks>
/// Reads and writes have permits of their own, so that a put whose body is read from the same store (a copy) does not wait for itself. A listing takes a
/// permit for each page: it asks for as many entries as one has (<see cref="ListOptions.PageSize"/>, else 1,000), gives the permit back, and hands them out.
/// </remarks>
public sealed class ConcurrencyLimitStore : DelegatingStore
{
    private const int DefaultPage = 1000;

    private readonly AsyncGate _reads;
    private readonly AsyncGate _writes;

    /// <param name="inner">The store to limit.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public ConcurrencyLimitStore(IStore inner, ConcurrencyLimitOptions? options = null)
        : base(inner)
    {
        options ??= new ConcurrencyLimitOptions();
        options.Validate();
        _reads = new AsyncGate(options.Reads);
        _writes = new AsyncGate(options.Writes);
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        using var permit = await _reads.EnterAsync(cancellationToken);
        return await Inner.StatAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var permit = await _reads.EnterAsync(cancellationToken);
        try
        {
            var reader = await Inner.OpenReadAsync(key, options, cancellationToken);
            return new ObjectReader(reader.Info, new HeldStream(reader, permit), reader.Length, reader.Range);
        }
        catch
        {
            permit.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var permit = await _writes.EnterAsync(cancellationToken);
        return await Inner.PutAsync(key, body, options, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        using var permit = await _writes.EnterAsync(cancellationToken);
        await Inner.DeleteAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        using var permit = await _writes.EnterAsync(cancellationToken);
        await Inner.DeleteManyAsync(keys, cancellationToken);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var size = Math.Min(options?.PageSize ?? DefaultPage, DefaultPage);
        await using var entries = Inner.ListAsync(prefix, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var page = new List<ObjectInfo>();
        var more = true;
        while (more)
        {
            page.Clear();
            ExceptionDispatchInfo? failure = null;
            using (await _reads.EnterAsync(cancellationToken))
            {
                try
                {
                    more = await FillAsync(page, entries, size);
                }
                catch (Exception e)
                {
                    // What was listed before is handed out first, so that a retry can go on behind it.
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            }
            foreach (var entry in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
            }
            failure?.Throw();
        }
    }

    /// <summary>Takes a page: what the store has ready, up to the size, after what it must wait for first.</summary>
    private static async ValueTask<bool> FillAsync(List<ObjectInfo> page, IAsyncEnumerator<ObjectInfo> entries, int size)
    {
        do
        {
            var next = entries.MoveNextAsync();
            // A wait in the middle is the store's own, smaller page: the round ends with its first entry.
            var ready = next.IsCompleted || page.Count == 0;
            if (!await next)
                return false;
            page.Add(entries.Current);
            if (!ready)
                return true;
        }
        while (page.Count < size);
        return true;
    }

    private sealed class HeldStream(ObjectReader reader, AsyncGate.Permit permit) : LayerStream(reader)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            permit.Dispose();
        }

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await base.DisposeAsync();
            }
            finally
            {
                permit.Dispose();
            }
        }
    }
}
