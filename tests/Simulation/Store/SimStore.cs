using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Coffer.Stores;

namespace Coffer.Simulation;

/// <summary>
/// The link of one device to the one store of the world. Each request takes time before and after it is done, so that concurrent ones are done in any order;
/// some fail before they are done, some after, some are done after they failed. All of it is drawn from the step's stream, or the link's own where there is no step. The process that asks may die at any of them.
/// </summary>
internal sealed class SimStore : DelegatingStore
{
    private readonly string _device;
    private readonly SimRandom _random;
    private readonly Lifeline _process;
    private readonly SimContext _context;
    private readonly bool _isRepeated;
    private ulong _epoch;
    private int _requests;

    /// <param name="inner">The store of the world.</param>
    /// <param name="device">Whose link it is.</param>
    /// <param name="random">Its stream.</param>
    /// <param name="context">The world's parts.</param>
    /// <param name="process">Who asks.</param>
    /// <param name="isRepeated">Whether a layer above sends the same again when it failed, without asking who sent it.</param>
    public SimStore(IStore inner, string device, SimRandom random, SimContext context, Lifeline process, bool isRepeated)
        : base(inner)
    {
        _context = context;
        _isRepeated = isRepeated;
        _process = process;
        _device = device;
        _random = random;
    }

    /// <summary>What belongs to a step draws from its streams, so that it meets the same luck whatever else is left out.</summary>
    private SimRandom Random => _context.Step.Value?.Link ?? _random;

    public override ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default) =>
        SendAsync(new Request(StoreOperation.Stat, key.Value), async _ =>
        {
            var info = await Inner.StatAsync(key, cancellationToken);
            return (info, info is null ? "absent" : $"{info.Size} B {info.Version}");
        }, cancellationToken);

    public override ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new Request(StoreOperation.Read, options?.Range is { } range ? $"{key} {range}" : key.Value) { IsWhole = options?.Range is null };
        return SendAsync(request, async fault =>
        {
            var reader = await Inner.OpenReadAsync(key, options, cancellationToken);
            if (fault != StoreFault.BrokenOff)
                return (reader, $"{reader.Length} B {reader.Info.Version}");
            var after = (long)(Random.NextDouble() * reader.Length);
            var content = new BreakingStream(reader.Content, after, () => Failure(request, StoreFault.BrokenOff));
            return (new ObjectReader(reader.Info, content, reader.Length, reader.Range), $"{reader.Length} B, breaks off after {after}");
        }, cancellationToken);
    }

    public override async ValueTask<ObjectInfo> PutAsync(
        StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        var condition = options?.Condition ?? PutCondition.Any;
        var bytes = await TakeAsync(body, options?.Progress, cancellationToken);
        HoldAgainstLedger(key, bytes);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..8];
        var request = new Request(StoreOperation.Put, $"{key} {condition} {bytes.Length} B #{digest}", condition.Kind != PutConditionKind.Any, key.Value.EndsWith("/changed", StringComparison.Ordinal));
        return await SendAsync(request, async _ =>
        {
            // Not with the caller's token: a request that is done late is done whatever its sender thinks of it.
            try
            {
                var info = await Inner.PutAsync(key, ObjectBody.FromBytes(bytes), new PutOptions { Condition = condition }, CancellationToken.None);
                _context.Coincidences.Stored(_device, key, bytes);
                _context.Lines.Stored(_device, key);
                if (key.Value.Split('/') is [_, "ledger", var slot])
                    _context.Epochs.Stored(slot, bytes);
                return (info, $"stored as {info.Version}");
            }
            catch (StoreException e) when (e.Kind == StoreErrorKind.AlreadyExists)
            {
                _context.Coincidences.WasTaken(key);
                throw;
            }
        }, cancellationToken);
    }

    public override async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default) =>
        await SendAsync(new Request(StoreOperation.Delete, key.Value), async _ =>
        {
            await Inner.DeleteAsync(key, cancellationToken);
            return (true, "deleted");
        }, cancellationToken);

    public override async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        foreach (var key in keys)
            await DeleteAsync(key, cancellationToken);
    }

    public override async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = Math.Min(options?.PageSize ?? int.MaxValue, _context.Weather.PageSize);
        await using var entries = Inner.ListAsync(prefix, (options ?? ListOptions.Default) with { PageSize = page }, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        var last = options?.StartAfter ?? "";
        if (last.Split('/') is [_, "ledger", var slot])
            _epoch = Math.Max(_epoch, _context.Epochs.KnownBy(slot));
        while (true)
        {
            var found = await SendAsync(new Request(StoreOperation.List, $"{prefix} after '{last}'"), async _ =>
            {
                var names = new List<ObjectInfo>();
                while (names.Count < page && await entries.MoveNextAsync())
                    names.Add(entries.Current);
                return (names, $"{names.Count} names");
            }, cancellationToken);
            foreach (var entry in found)
                yield return entry;
            if (found.Count < page)
                yield break;
            last = found[^1].Name;
        }
    }

    /// <summary>Who knows of a new key seals nothing under an old one.</summary>
    private void HoldAgainstLedger(StoreKey key, byte[] bytes)
    {
        if (!_isRepeated && key.Value.Split('/') is [_, "commits", ..] && StoredCommit.Of(key.Value, bytes).Epoch is var epoch && epoch < _epoch)
            _context.Violation($"{_device} sends {key}, which is sealed under epoch {epoch}, and it knows of epoch {_epoch}");
    }

    private static async ValueTask<byte[]> TakeAsync(ObjectBody body, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var source = await body.OpenAsync(progress, cancellationToken);
        var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken)) > 0)
            bytes.Write(buffer, 0, count);
        return bytes.ToArray();
    }

    private async ValueTask<T> SendAsync<T>(
        Request request, Func<StoreFault, ValueTask<(T Result, string Shown)>> effect, CancellationToken cancellationToken)
    {
        if (_process.IsDead)
            throw new ProcessDiedException();
        var number = ++_requests;
        var shown = $"{request.Operation.ToString().ToLowerInvariant()} {request.What}";
        var pending = _context.InFlight.Begin($"{_device} r{number} {shown}");
        _context.History.Add(_device, $"r{number} {shown}");
        _context.Counters.Add($"request {request.Operation} {request.Folder}");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _process.Cut);
        var isOnItsWay = false;
        var (before, after) = (_context.Weather.Wait(Random), _context.Weather.Wait(Random));
        try
        {
            _process.MayDie($"before a {request.Operation}");
            var fault = _context.Weather.Fault(request.Operation, request.IsRarePut, Random);
            if (request.IsMarker && _context.Weather.LosesMarker(Random))
                fault = StoreFault.RequestLost;
            isOnItsWay = fault is StoreFault.None or StoreFault.AnswerLost or StoreFault.BrokenOff;
            await Task.Delay(before, _context.Time, either.Token);
            if (fault is StoreFault.Refused or StoreFault.RateLimited or StoreFault.RequestLost or StoreFault.Away)
                throw Failure(request, fault);
            if (fault == StoreFault.DoneLate)
            {
                _ = DoLateAsync(request, number, StoreWeather.LatestEffect * Random.NextDouble(), effect);
                throw Failure(request, fault);
            }
            isOnItsWay = false;
            var (result, answer) = await effect(fault);
            if (request.Operation is StoreOperation.Put or StoreOperation.Delete)
                _context.History.Add(_device, $"r{number} is done");
            _process.MayDie($"after a {request.Operation}");
            await Task.Delay(after, _context.Time, either.Token);
            if (fault == StoreFault.AnswerLost)
                throw Failure(request, fault);
            _context.History.Add(_device, $"r{number} -> {answer}");
            if (request.IsRare)
                _process.DidSomethingRare();
            return result;
        }
        catch (Exception) when (_process.IsDead)
        {
            // What had left the machine before it died arrives all the same, sometimes.
            if (isOnItsWay && request.Operation is (StoreOperation.Put or StoreOperation.Delete) && Random.Chance(0.5))
                _ = DoLateAsync(request, number, before, effect);
            _context.History.Add(_device, $"r{number} -> nobody is there any more");
            throw new ProcessDiedException();
        }
        catch (Exception e)
        {
            _context.History.Add(_device, $"r{number} -> {e.GetType().Name} {(e as StoreException)?.Kind}");
            throw;
        }
        finally
        {
            _context.InFlight.End(pending);
        }
    }

    private async Task DoLateAsync<T>(Request request, int number, TimeSpan wait, Func<StoreFault, ValueTask<(T Result, string Shown)>> effect)
    {
        _context.Weather.Late++;
        try
        {
            await Task.Delay(wait, _context.Time);
            var (_, answer) = await effect(StoreFault.DoneLate);
            _context.History.Add(_device, $"r{number} is done late: {answer}");
        }
        catch (StoreException e)
        {
            _context.History.Add(_device, $"r{number} comes late, and fails: {e.Kind}");
        }
        finally
        {
            _context.Weather.Late--;
        }
    }

    private StoreException Failure(Request request, StoreFault fault)
    {
        _context.Counters.Add($"fault {fault} {request.Operation}");
        var kind = fault switch
        {
            StoreFault.RateLimited => StoreErrorKind.RateLimited,
            StoreFault.RequestLost or StoreFault.AnswerLost or StoreFault.DoneLate when request.IsConditional => StoreErrorKind.OutcomeUnknown,
            _ => StoreErrorKind.Unavailable,
        };
        return new StoreException(kind, $"The simulated store failed ({fault}) at {request.What}.")
        {
            Operation = request.Operation,
            RetryAfter = fault == StoreFault.RateLimited ? TimeSpan.FromSeconds(Random.Between(1, 20)) : null,
            StoreName = Name,
        };
    }

    private sealed record Request(StoreOperation Operation, string What, bool IsConditional = false, bool IsMarker = false)
    {
        /// <summary>What kind of object it is about.</summary>
        public string Folder { get; } = What.Split('/', ' ') is [_, var folder, ..] ? folder : "";

        /// <summary>Whether it reads all of an object.</summary>
        public bool IsWhole { get; init; }

        /// <summary>Whether it puts what is seldom put: a pack, a block.</summary>
        public bool IsRarePut => Operation == StoreOperation.Put && Folder is ("packs" or "ledger");

        /// <summary>Whether it is seldom sent.</summary>
        public bool IsRare => IsRarePut || (IsWhole && Folder == "packs");
    }
}
