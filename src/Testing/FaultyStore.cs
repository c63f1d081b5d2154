using System.Runtime.CompilerServices;

namespace Coffer.Testing;

/// <summary>
/// A store that fails as it is told: before or after an operation took effect, in the middle of a body, late, or by chance under a seed. The store inside stays whole:
/// what fails here is the way to it.
/// </summary>
public sealed class FaultyStore : DelegatingStore
{
    private readonly Lock _lock = new();
    private readonly List<Injected> _faults = [];
    private readonly TimeProvider _time;
    private readonly SeededRandom? _random;
    private readonly FaultRates _rates;

    /// <summary>A store that fails where <see cref="Inject"/> says.</summary>
    /// <param name="inner">The store inside.</param>
    /// <param name="time">Where latencies are waited for; null for the system's clock.</param>
    public FaultyStore(IStore inner, TimeProvider? time = null)
        : base(inner)
    {
        _time = time ?? TimeProvider.System;
        _rates = new FaultRates();
    }

    /// <summary>A store that also fails by chance. The same seed and the same order of operations give the same faults.</summary>
    /// <param name="inner">The store inside.</param>
    /// <param name="seed">The seed of all chances.</param>
    /// <param name="rates">How often it fails.</param>
    /// <param name="time">Where latencies are waited for; null for the system's clock.</param>
    public FaultyStore(IStore inner, ulong seed, FaultRates rates, TimeProvider? time = null)
        : this(inner, time)
    {
        ArgumentNullException.ThrowIfNull(rates);
        _random = new SeededRandom(seed);
        _rates = rates;
    }

    /// <summary>How many operations failed here.</summary>
    public long FaultCount { get; private set; }

    /// <summary>Injects a fault. Dispose what it gives to take it back.</summary>
    public IDisposable Inject(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var injected = new Injected(this, fault);
        lock (_lock)
            _faults.Add(injected);
        return injected;
    }

    /// <summary>Takes all injected faults back.</summary>
    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var fault = await BeginAsync(StoreOperation.Stat, [key.Value], cancellationToken);
        var info = await base.StatAsync(key, cancellationToken);
        return fault?.Moment == FaultMoment.After ? throw Failure(fault, StoreOperation.Stat, key.Value) : info;
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var fault = await BeginAsync(StoreOperation.Read, [key.Value], cancellationToken, canTear: true);
        var reader = await base.OpenReadAsync(key, options, cancellationToken);
        switch (fault?.Moment)
        {
            case FaultMoment.After:
                await reader.DisposeAsync();
                throw Failure(fault, StoreOperation.Read, key.Value);
            case FaultMoment.During:
                // The stream ends early, and the reader around it must notice.
                return new ObjectReader(reader.Info, new WatchedStream(reader.Content, most: fault.Progress), reader.Length, reader.Range);
            default:
                return reader;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var fault = await BeginAsync(StoreOperation.Put, [key.Value], cancellationToken, canTear: true);
        if (fault?.Moment == FaultMoment.During)
        {
            await TakeAsync(body, fault.Progress, options?.Progress, cancellationToken);
            throw Failure(fault, StoreOperation.Put, key.Value);
        }
        var info = await base.PutAsync(key, body, options, cancellationToken);
        if (fault?.Moment != FaultMoment.After)
            return info;
        var conditional = options is not null && options.Condition.Kind != PutConditionKind.Any;
        throw Failure(conditional ? fault with { Kind = StoreErrorKind.OutcomeUnknown } : fault, StoreOperation.Put, key.Value);
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var fault = await BeginAsync(StoreOperation.Delete, [key.Value], cancellationToken);
        await base.DeleteAsync(key, cancellationToken);
        if (fault?.Moment == FaultMoment.After)
            throw Failure(fault, StoreOperation.Delete, key.Value);
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var fault = await BeginAsync(StoreOperation.Delete, keys.Select(static key => key.Value), cancellationToken, canTear: true);
        await base.DeleteManyAsync(fault?.Moment == FaultMoment.During ? [.. keys.Take((int)fault.Progress)] : keys, cancellationToken);
        if (fault?.Moment is FaultMoment.After or FaultMoment.During)
            throw Failure(fault, StoreOperation.Delete, null);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var fault = await BeginAsync(StoreOperation.List, [prefix], cancellationToken, canTear: true);
        var entries = 0L;
        await foreach (var entry in base.ListAsync(prefix, options, cancellationToken))
        {
            if (fault?.Moment == FaultMoment.During && entries >= fault.Progress)
                throw Failure(fault, StoreOperation.List, null);
            entries++;
            yield return entry;
        }
        if (fault?.Moment is FaultMoment.After or FaultMoment.During)
            throw Failure(fault, StoreOperation.List, null);
    }

    private async ValueTask<Fault?> BeginAsync(StoreOperation operation, IEnumerable<string> keys, CancellationToken cancellationToken, bool canTear = false)
    {
        var (fault, latency) = Next(operation, keys);
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, _time, cancellationToken);
        return fault?.Moment == FaultMoment.Before || (fault?.Moment == FaultMoment.During && !canTear)
            ? throw Failure(fault, operation, keys.FirstOrDefault())
            : fault;
    }

    private (Fault? Fault, TimeSpan Latency) Next(StoreOperation operation, IEnumerable<string> keys)
    {
        lock (_lock)
        {
            var latency = TimeSpan.Zero;
            Fault? struck = null;
            foreach (var injected in _faults)
            {
                if (!injected.Strikes(operation, keys))
                    continue;
                latency += injected.Fault.Latency;
                if (injected.Fault.Moment != FaultMoment.Never)
                    struck ??= injected.Fault;
            }
            if (_random is not null)
            {
                // The same number of draws each time, so that one outcome does not shift all later ones.
                var draws = (Before: _random.Chance(_rates.Before), During: _random.Chance(_rates.During), After: _random.Chance(_rates.After));
                var progress = _random.Next(Math.Max(1, _rates.MaxProgress));
                latency += _rates.MaxLatency * (_random.Next(1 << 20) / (double)(1 << 20));
                if (draws.Before || draws.During || draws.After)
                {
                    struck ??= new Fault
                    {
                        Moment = draws.Before ? FaultMoment.Before : draws.During ? FaultMoment.During : FaultMoment.After,
                        Progress = progress,
                    };
                }
            }
            return (struck, latency);
        }
    }

    private static async ValueTask TakeAsync(ObjectBody body, long most, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var source = await body.OpenAsync(progress, cancellationToken);
        var buffer = new byte[(int)Math.Clamp(most, 1, 1 << 16)];
        for (var left = most; left > 0;)
        {
            var count = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
            if (count == 0)
                return;
            left -= count;
        }
    }

    private StoreException Failure(Fault fault, StoreOperation operation, string? key)
    {
        lock (_lock)
            FaultCount++;
        return new StoreException(fault.Kind, $"An injected fault: {operation} of '{key}' failed ({fault.Moment}).") { Operation = operation, Key = key, StoreName = Name };
    }

    private sealed class Injected(FaultyStore owner, Fault fault) : IDisposable
    {
        private int _seen;

        public Fault Fault => fault;

        public bool Strikes(StoreOperation operation, IEnumerable<string> keys)
        {
            if ((fault.Operation is { } wanted && wanted != operation) || (fault.Key is { } matches && !keys.Any(matches)))
                return false;
            var number = ++_seen;
            return number >= fault.First && number - fault.First < fault.Times;
        }

        public void Dispose()
        {
            lock (owner._lock)
                owner._faults.Remove(this);
        }
    }
}
