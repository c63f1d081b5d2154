using System.Runtime.CompilerServices;

namespace Coffer.Stores;

/// <summary>
/// Ends an attempt that takes too long, by <see cref="StoreErrorKind.Unavailable"/>, or <see cref="StoreErrorKind.OutcomeUnknown"/> for a conditional put;
/// never by <see cref="OperationCanceledException"/>, which is the caller's alone.
/// </summary>
/// <remarks>
/// What moves bytes has no limit as a whole, however large it is: it ends when none has moved for a while. The time that a body's source or a content's
/// reader takes counts for neither. Lies inside of <see cref="RetryStore"/>, so that each attempt has limits of its own, and inside of
/// <see cref="ConcurrencyLimitStore"/>, so that the wait for one's turn is no time-out. The store inside must end when its token is cancelled.
/// </remarks>
public sealed class TimeoutStore : DelegatingStore
{
    /// <summary>As many deletes as a store may do in one request; a batch has time for each of its requests.</summary>
    private const int DeleteBatch = 100;

    private readonly TimeoutOptions _options;
    private readonly TimeProvider _time;

    /// <param name="inner">The store to watch.</param>
    /// <param name="time">The clock and timers.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public TimeoutStore(IStore inner, TimeProvider time, TimeoutOptions? options = null)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(time);
        _options = options ?? new TimeoutOptions();
        _options.Validate();
        _time = time;
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        using var watch = new Watchdog(_time, cancellationToken);
        watch.Start(_options.Answer);
        try
        {
            return await Inner.StatAsync(key, watch.Token);
        }
        catch (Exception e) when (watch.Caused(e))
        {
            throw TooLong(watch, StoreOperation.Stat, key.Value, e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var watch = new Watchdog(_time, cancellationToken);
        watch.Start(_options.Answer);
        try
        {
            var reader = await Inner.OpenReadAsync(key, options, watch.Token);
            return new ObjectReader(reader.Info, new WatchedContent(reader, this), reader.Length, reader.Range);
        }
        catch (Exception e) when (watch.Caused(e))
        {
            throw TooLong(watch, StoreOperation.Read, key.Value, e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        options ??= PutOptions.Default;
        using var watch = new Watchdog(_time, cancellationToken);
        watch.Start(_options.Answer);
        try
        {
            var (watchedBody, watchedOptions) = WatchedBody.Of(body, options, watch, _options);
            return await Inner.PutAsync(key, watchedBody, watchedOptions, watch.Token);
        }
        catch (Exception e) when (watch.Caused(e))
        {
            throw TooLong(watch, StoreOperation.Put, key.Value, e, conditional: options.Condition.Kind != PutConditionKind.Any);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        using var watch = new Watchdog(_time, cancellationToken);
        watch.Start(_options.Answer);
        try
        {
            await Inner.DeleteAsync(key, watch.Token);
        }
        catch (Exception e) when (watch.Caused(e))
        {
            throw TooLong(watch, StoreOperation.Delete, key.Value, e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var watch = new Watchdog(_time, cancellationToken);
        var requests = Math.Min(1 + (keys.Count / DeleteBatch), (int)(TimeSpan.FromDays(10) / _options.Answer));
        watch.Start(_options.Answer * requests);
        try
        {
            await Inner.DeleteManyAsync(keys, watch.Token);
        }
        catch (Exception e) when (watch.Caused(e))
        {
            throw TooLong(watch, StoreOperation.Delete, null, e);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var watch = new Watchdog(_time, cancellationToken);
        await using var entries = Inner.ListAsync(prefix, options, watch.Token).GetAsyncEnumerator(watch.Token);
        while (true)
        {
            watch.Start(_options.Answer);
            try
            {
                if (!await entries.MoveNextAsync())
                    yield break;
            }
            catch (Exception e) when (watch.Caused(e))
            {
                throw TooLong(watch, StoreOperation.List, null, e);
            }
            watch.Stop();
            yield return entries.Current;
        }
    }

    private StoreException TooLong(Watchdog watch, StoreOperation operation, string? key, Exception e, bool conditional = false)
    {
        var what = key is null ? "a request" : $"a request about '{key}'";
        var hadNoEffect = e is StoreException { HadNoEffect: true };
        conditional &= !hadNoEffect;
        var message = $"The store {Name} let {what} ({operation}) wait for {watch.Limit} without a sign, which is the limit.";
        return new StoreException(conditional ? StoreErrorKind.OutcomeUnknown : StoreErrorKind.Unavailable,
            conditional ? message + " The conditional put may have happened or not: read the object and compare." : message, e)
        {
            Operation = operation,
            Key = key,
            StoreName = Name,
            HadNoEffect = hadNoEffect,
        };
    }

    private sealed class WatchedContent(ObjectReader reader, TimeoutStore store) : LayerStream(reader)
    {
        private readonly string _key = reader.Info.Key.Value;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var watch = new Watchdog(store._time, cancellationToken);
            watch.Start(store._options.Idle);
            try
            {
                return await Content.ReadAsync(buffer, watch.Token);
            }
            catch (Exception e) when (watch.Caused(e))
            {
                throw store.TooLong(watch, StoreOperation.Read, _key, e);
            }
        }
    }
}
