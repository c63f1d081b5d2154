using System.Runtime.CompilerServices;

namespace Coffer.Stores;

/// <summary>
/// Sends again what failed by a transient error, with exponential waits and jitter, or after the time that the server asks for. It is the only place where
/// anything is retried.
/// </summary>
/// <remarks>
/// <para>
/// A conditional put is sent again only when the store is certain that nothing happened (<see cref="StoreException.HadNoEffect"/>): the server was not reached, or
/// refused it for its rate. After any other transient error it may have happened, and sent again it would lose against itself; so the error is given on as
/// <see cref="StoreErrorKind.OutcomeUnknown"/>: read the object and compare. A put whose body cannot be opened again is not sent again either.
/// </para>
/// <para>
/// A content that breaks off goes on at the byte where it stopped, provided that the object still has the same version; when it was replaced meanwhile, the
/// read fails with <see cref="StoreErrorKind.ConditionFailed"/>. Where versions are weak (<see cref="StoreCapabilities.StrongVersions"/>), two contents
/// could be spliced unnoticed, so a content of which something was read does not go on there. A listing goes on behind the last name that it gave. Both count retries anew after progress.
/// </para>
/// <para>
/// Lies outside of <see cref="TimeoutStore"/> and <see cref="TelemetryStore"/>: each attempt has its own limit and is counted; and outside of
/// <see cref="ConcurrencyLimitStore"/>: who waits for the next attempt takes nobody's place.
/// </para>
/// </remarks>
public sealed class RetryStore : DelegatingStore
{
    private readonly RetryPipeline _pipeline;

    /// <param name="inner">The store whose errors are retried.</param>
    /// <param name="time">The clock and timers of the waits.</param>
    /// <param name="options">How often and how long; null for the defaults.</param>
    /// <param name="randomness">Gives numbers from 0 to below 1 for the jitter, also when called concurrently; null for random ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public RetryStore(IStore inner, TimeProvider time, RetryOptions? options = null, Func<double>? randomness = null)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(time);
        _pipeline = new RetryPipeline(options ?? new RetryOptions(), time, randomness);
    }

    /// <inheritdoc/>
    public override ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default) =>
        _pipeline.RunAsync(static (s, token) => s.Inner.StatAsync(s.key, token), (Inner, key), null, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var reader = await _pipeline.RunAsync(
            static (s, token) => s.Inner.OpenReadAsync(s.key, s.options, token), (Inner, key, options), null, cancellationToken);
        return new ObjectReader(reader.Info, new ResumingStream(this, _pipeline, reader), reader.Length, reader.Range);
    }

    /// <summary>Opens a part of an object once, for <see cref="ResumingStream"/>.</summary>
    internal ValueTask<ObjectReader> OpenPartAsync(StoreKey key, ByteRange part, CancellationToken cancellationToken) =>
        Inner.OpenReadAsync(key, new ReadOptions { Range = part }, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var conditional = options is not null && options.Condition.Kind != PutConditionKind.Any;
        try
        {
            return await _pipeline.RunAsync(
                static (s, token) => s.Inner.PutAsync(s.key, s.body, s.options, token),
                (Inner, key, body, options),
                e => body.CanOpen && (!conditional || e.HadNoEffect),
                cancellationToken);
        }
        catch (StoreException e) when (conditional && e.IsTransient && !e.HadNoEffect)
        {
            throw new StoreException(StoreErrorKind.OutcomeUnknown,
                $"The conditional put of '{key}' failed in a way that does not tell whether it happened: read the object and compare. {e.Message}", e)
            {
                Operation = StoreOperation.Put,
                Key = key.Value,
                StoreName = e.StoreName ?? Name,
            };
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default) =>
        await _pipeline.RunAsync(
            static async (s, token) =>
            {
                await s.Inner.DeleteAsync(s.key, token);
                return true;
            },
            (Inner, key), null, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default) =>
        await _pipeline.RunAsync(
            static async (s, token) =>
            {
                await s.Inner.DeleteManyAsync(s.keys, token);
                return true;
            },
            (Inner, keys), null, cancellationToken);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var listing = new ResumingListing(Inner, prefix, options ?? ListOptions.Default);
        while (await _pipeline.RunAsync(static (l, token) => l.NextAsync(token), listing, null, cancellationToken) is { } entry)
            yield return entry;
    }
}
