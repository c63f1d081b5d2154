using System.Runtime.CompilerServices;

namespace Coffer.Stores.Local;

/// <summary>
/// A store in a folder of the local file system: each object is a file, its key the file's path below the root. See docs/stores/local.md for what is promised.
/// </summary>
public sealed class LocalStore : IStore, IStoreTraces
{
    /// <summary>A content up to this size is read when it is opened, so that no second turn of the thread pool is needed.</summary>
    private const int ReadAtOnce = 64 << 10;

    /// <summary>How many entries of a listing are looked up in one turn.</summary>
    private const int ListBatch = 256;

    private readonly Disk _disk;

    /// <summary>Opens a store. The root need not exist. Temporary files that were left behind more than a day ago are removed.</summary>
    /// <exception cref="StoreException">The root is no absolute path, or cannot be looked at.</exception>
    public LocalStore(LocalStoreOptions options)
        : this(options, Disk.For)
    {
    }

    internal LocalStore(LocalStoreOptions options, Func<LocalStoreOptions, string, Disk> openDisk)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Path.IsPathFullyQualified(options.Root))
        {
            throw new StoreException(StoreErrorKind.Unsupported, $"The root of a file store is an absolute path, and '{options.Root}' is none.")
            {
                Operation = StoreOperation.Open,
            };
        }
        options = options with { Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Root)) };
        Name = NameOf(options.Root);
        _disk = openDisk(options, Name);
        Capabilities = new StoreCapabilities
        {
            IfAbsent = true,
            IfMatch = _disk.StrongVersions,
            IfNoneMatch = _disk.StrongVersions,
            StrongVersions = _disk.StrongVersions,
            StoreTime = _disk.SharesOurClock,
        };
        _disk.Sweep();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public StoreCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var place = PlaceOf(StoreOperation.Stat, key);
        return await Task.Run(() => _disk.Stat(key, place) is { } facts ? Info(key, facts, Now()) : null, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var place = PlaceOf(StoreOperation.Read, key);
        options ??= ReadOptions.Default;
        if (options.IfNoneMatch is not null && !Capabilities.IfNoneMatch)
            throw place.Error(StoreErrorKind.Unsupported, $"'{Name}' has no versions that could be compared, because its file system tells no lasting identity of files. Read without IfNoneMatch.");
        return await Task.Run(() => OpenRead(key, options, place), cancellationToken);
    }

    private ObjectReader OpenRead(StoreKey key, ReadOptions options, Place place)
    {
        var opened = _disk.Open(key, place) ?? throw place.Error(StoreErrorKind.NotFound, $"There is no '{key}' in '{Name}'.");
        var (handle, facts) = opened;
        try
        {
            if (options.IfNoneMatch is { } known && known == facts.Version)
                throw place.Error(StoreErrorKind.ConditionFailed, $"'{key}' still has the version that the caller knows.");
            var length = options.Range is not { } range ? facts.Size
                : range.LengthWithin(facts.Size) ?? throw place.Error(StoreErrorKind.RangeNotSatisfiable,
                    $"'{key}' has {facts.Size} bytes, so the range {range} begins behind its end.");
            Stream content = new FileContent(handle, options.Range?.Offset ?? 0, length, place);
            if (length <= ReadAtOnce)
            {
                var bytes = new byte[length];
                var count = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
                content.Dispose();
                content = new ReadOnlyMemoryStream(bytes.AsMemory(0, count));
            }
            return new ObjectReader(Info(key, facts, Now()), content, length, options.Range);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var place = PlaceOf(StoreOperation.Put, key);
        options ??= PutOptions.Default;
        if (options.Condition.Kind == PutConditionKind.IfAbsent && body.Length is null)
            throw place.Error(StoreErrorKind.Unsupported, $"'{key}' cannot be created from a body of unknown length: a create-only put names its length.");
        if (options.Condition.Kind == PutConditionKind.IfMatch && !Capabilities.IfMatch)
            throw place.Error(StoreErrorKind.Unsupported, $"'{Name}' has no versions that could be compared, because its file system tells no lasting identity of files. Put without IfMatch.");
        var upload = new Upload(_disk, key, body, options, place);
        var facts = await Task.Run(() => upload.RunAsync(cancellationToken), cancellationToken);
        return Info(key, facts, facts.Modified);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var place = PlaceOf(StoreOperation.Delete, key);
        await Task.Run(() => _disk.Delete([key], place, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
            _disk.Rules.Check(key, StoreOperation.Delete, Name);
        await Task.Run(() => _disk.Delete(keys, new Place(StoreOperation.Delete, null, Name), cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return ListCoreAsync(prefix, options ?? ListOptions.Default, cancellationToken);
    }

    private async IAsyncEnumerable<ObjectInfo> ListCoreAsync(string prefix, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = new Listing(_disk, prefix, options, new Place(StoreOperation.List, null, Name));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = await Task.Run(() => listing.Next(options.PageSize ?? ListBatch, cancellationToken), cancellationToken);
            if (batch.Count == 0)
                yield break;
            var now = Now();
            foreach (var entry in batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry.Facts is { } facts ? Info(entry.Key, facts, now) : new ObjectInfo(entry.Key, 0) { IsPrefix = true, StoreTime = now };
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> RemoveTracesAsync(CancellationToken cancellationToken = default)
    {
        await Task.Run(() => _disk.RemoveTraces(new Place(StoreOperation.Delete, null, Name)), cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The store's name.</summary>
    public override string ToString() => Name;

    private Place PlaceOf(StoreOperation operation, StoreKey key)
    {
        _disk.Rules.Check(key, operation, Name);
        return new Place(operation, key.Value, Name);
    }

    private ObjectInfo Info(StoreKey key, FileFacts facts, DateTimeOffset? storeTime) => new(key, facts.Size)
    {
        Version = Capabilities.StrongVersions ? facts.Version : null,
        LastModified = facts.Modified,
        StoreTime = storeTime,
    };

    /// <summary>
    /// The file system's clock: the one that stamps files, which is the system's own and none that was injected. Null where it is another machine's.
    /// </summary>
    private DateTimeOffset? Now() => _disk.SharesOurClock ? TimeProvider.System.GetUtcNow() : null;

    private static string NameOf(string root) =>
        "file://" + string.Join('/', root.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString)).Insert(0, root.StartsWith('/') ? "" : "/");
}
