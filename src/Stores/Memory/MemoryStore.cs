using System.Runtime.CompilerServices;

namespace Coffer.Stores;

/// <summary>
/// A store in memory: <c>mem://name</c>. It keeps the whole contract of <see cref="IStore"/>, and does the same in the same order whenever it is asked the
/// same, so that whole teams can be simulated on it. It lasts as long as the process, and disposing it loses nothing.
/// </summary>
public sealed class MemoryStore : IStore
{
    private const int DefaultPage = 1000;

    private readonly MemoryContents _contents;
    private readonly TimeProvider _time;

    /// <param name="name">What stands in <see cref="Name"/> behind <c>mem://</c>.</param>
    /// <param name="time">The clock of the store; null for the system's.</param>
    public MemoryStore(string name, TimeProvider? time = null)
        : this(name, new MemoryContents(), time ?? new StoreContext().Time)
    {
    }

    internal MemoryStore(string name, MemoryContents contents, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = "mem://" + name;
        _contents = contents;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public StoreCapabilities Capabilities { get; } = new()
    {
        IfAbsent = true,
        IfMatch = true,
        IfNoneMatch = true,
        StrongVersions = true,
        CheapStartAfter = true,
        StoreTime = true,
        MaxSize = MemoryBody.MaxSize,
    };

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoreArguments.CheckKey(this, key, StoreOperation.Stat);
        return _contents.Get(key)?.InfoAt(_time.GetUtcNow());
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoreArguments.CheckKey(this, key, StoreOperation.Read);
        var found = _contents.Get(key) ?? throw Failed(StoreErrorKind.NotFound, StoreOperation.Read, key, "does not exist");
        if (options?.IfNoneMatch is { } version && version == found.Version)
            throw Failed(StoreErrorKind.ConditionFailed, StoreOperation.Read, key, $"still has the version '{version}'");
        var bytes = found.Bytes;
        if (options?.Range is { } range)
        {
            var length = range.LengthWithin(bytes.Length)
                ?? throw Failed(StoreErrorKind.RangeNotSatisfiable, StoreOperation.Read, key, $"has {bytes.Length} bytes, and the range {range} begins behind them");
            bytes = bytes.Slice((int)range.Offset, (int)length);
        }
        return new ObjectReader(found.InfoAt(_time.GetUtcNow()), new ReadOnlyMemoryStream(bytes), bytes.Length, options?.Range);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoreArguments.CheckPut(this, key, body, options);
        options ??= PutOptions.Default;
        var bytes = await MemoryBody.TakeAsync(body, options.Progress, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var now = _time.GetUtcNow();
        var (stored, found) = _contents.Put(key, bytes, options.Condition, now);
        if (stored is not null)
            return stored.InfoAt(now);
        throw options.Condition.Kind == PutConditionKind.IfAbsent
            ? Failed(StoreErrorKind.AlreadyExists, StoreOperation.Put, key, "exists already")
            : Failed(StoreErrorKind.ConditionFailed, StoreOperation.Put, key, found is null
                ? $"does not exist, and so does not have the version '{options.Condition.Version}'"
                : $"has the version '{found.Version}', not '{options.Condition.Version}'");
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoreArguments.CheckKey(this, key, StoreOperation.Delete);
        _contents.Delete(key);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        StoreArguments.CheckKeys(this, keys);
        foreach (var key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _contents.Delete(key);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StoreArguments.CheckList(this, prefix, options);
        options ??= ListOptions.Default;
        var size = Math.Min(options.PageSize ?? DefaultPage, DefaultPage);
        var place = MemoryPlace.Start(prefix, options);
        List<ObjectInfo> page;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = _contents.Page(prefix, options, ref place, size, _time.GetUtcNow());
            foreach (var entry in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
            }
        }
        while (page.Count == size);
    }

    /// <summary>Does nothing: the contents belong to whoever shares them.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StoreException Failed(StoreErrorKind kind, StoreOperation operation, StoreKey key, string what) =>
        new(kind, $"'{key}' {what} in the store {Name}.") { Operation = operation, Key = key.Value, StoreName = Name };
}
