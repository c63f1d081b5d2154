using System.Runtime.CompilerServices;

namespace Coffer.Stores.Sftp;

/// <summary>
/// A store in a folder of a server, reached by the OpenSSH client: each object is a file, its key the file's path below the root. See docs/stores/sftp.md for what is
/// promised.
/// </summary>
public sealed class SftpStore : IStore, ICapabilityProbe, IStoreTraces
{
    /// <summary>A content up to this size is read when it is opened, so that nothing is left open on the server.</summary>
    private const int ReadAtOnce = 64 << 10;

    /// <summary>How many objects are deleted in one turn.</summary>
    private const int DeleteBatch = 128;

    /// <summary>What ssh is given beyond its own limit, so that its own words come first.</summary>
    private static readonly TimeSpan ConnectGrace = TimeSpan.FromSeconds(2);

    private readonly SftpStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<SftpStoreOptions, IByteTransport> _start;
    private readonly ConnectionPool _pool;
    private readonly Tree _tree;
    private readonly TemporaryFiles _files;
    private readonly LinkProbe _probe;
    private volatile bool _isPrepared;

    /// <summary>Opens a store. The server is met at the first operation.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="time">The clock and timers; null for the system's.</param>
    /// <exception cref="StoreException">An option is wrong; the message names it.</exception>
    public SftpStore(SftpStoreOptions options, TimeProvider? time = null)
        : this(options, time ?? TimeProvider.System, static options => SshProcess.Start(options))
    {
    }

    internal SftpStore(SftpStoreOptions options, TimeProvider time, Func<SftpStoreOptions, IByteTransport> start)
    {
        ArgumentNullException.ThrowIfNull(options);
        Name = options.ToString();
        if (options.Fault() is var (fault, _))
            throw new StoreException(StoreErrorKind.Unsupported, $"{fault} (the store is '{Name}').") { Operation = StoreOperation.Open, StoreName = Name };
        (_options, _time, _start) = (options, time, start);
        var paths = new RemotePath(options.Root.Length > 1 ? options.Root.TrimEnd('/') : options.Root);
        _tree = new Tree(paths, options.Create, options.Fsync);
        _files = new TemporaryFiles(_tree);
        _probe = new LinkProbe(_files, paths);
        _pool = new ConnectionPool(options.Connections, ConnectAsync, _time);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public StoreCapabilities Capabilities => new() { IfAbsent = _probe.Fault is null };

    /// <inheritdoc/>
    public bool IsSettled => _probe.IsSettled;

    /// <inheritdoc/>
    public string? Answer => _probe.Answer;

    /// <inheritdoc/>
    public void Trust(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _probe.Trust(answer);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreCapabilities> ProbeAsync(CancellationToken cancellationToken = default)
    {
        await ProbeAsync(new Place(StoreOperation.Open, null, Name), cancellationToken);
        return Capabilities;
    }

    private Task ProbeAsync(Place place, CancellationToken cancellationToken) => _probe.RunAsync((probe, token) => RunAsync(place, probe, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var place = PlaceOf(StoreOperation.Stat, key);
        var sight = await RunAsync(place, (connection, token) => _tree.LookAtObjectAsync(connection, key, place).WaitAsync(token), cancellationToken);
        return sight.Target is { IsFile: true } found ? Info(key, found) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var place = PlaceOf(StoreOperation.Read, key);
        options ??= ReadOptions.Default;
        if (options.IfNoneMatch is not null)
            throw place.Error(StoreErrorKind.Unsupported, $"'{Name}' has no versions that could be compared, because SFTP tells times in whole seconds only. Read without IfNoneMatch.");
        return await RunOnLeaseAsync(place, async (lease, token) =>
        {
            var download = new Download(lease, _tree, key, options.Range, place);
            var (found, content, length) = await download.OpenAsync(ReadAtOnce, token);
            return new ObjectReader(Info(key, found), content, length, options.Range);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var place = PlaceOf(StoreOperation.Put, key);
        options ??= PutOptions.Default;
        if (options.Condition.Kind == PutConditionKind.IfMatch)
            throw place.Error(StoreErrorKind.Unsupported, $"'{Name}' has no versions that could be compared, because SFTP tells times in whole seconds only. Put without IfMatch.");
        if (options.Condition.Kind == PutConditionKind.IfAbsent)
        {
            if (body.Length is null)
                throw place.Error(StoreErrorKind.Unsupported, $"'{key}' cannot be created from a body of unknown length: a create-only put names its length.");
            await ProbeAsync(place with { IsBeforeEffect = true }, cancellationToken);
            if (_probe.Fault is { } fault)
                throw place.Error(StoreErrorKind.Unsupported, $"'{Name}' has no create-only puts, which rest on hard links: when the server was tried, {fault}. Put without a condition, or use another server.");
        }
        return await RunAsync(place, async (connection, token) =>
        {
            RequireExtensions(connection, options, place);
            var written = await new Upload(connection, _tree, _files, key, body, options, place, _options.Fsync).RunAsync(token);
            if (written.Time is { } now)
                _files.SweepOnce(connection, now);
            return Info(key, written) with { StoreTime = written.Time };
        }, cancellationToken);
    }

    private void RequireExtensions(SftpConnection connection, PutOptions options, Place place)
    {
        if (options.Condition.Kind == PutConditionKind.Any && !connection.Features.Has(Extension.PosixRename))
            throw place.Error(StoreErrorKind.Unsupported, $"'{Name}' cannot put an object over another in one step, because its server does not offer {Extension.PosixRename}. Use another server.");
        if (_options.Fsync && !connection.Features.Has(Extension.FSync))
            throw place.Error(StoreErrorKind.Unsupported, $"'{Name}' cannot promise that a put is on the disk, because its server does not offer {Extension.FSync}. Use another server, or do without with the option 'fsync=false'.");
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default) => DeleteAsync([key], PlaceOf(StoreOperation.Delete, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
            Rules.Check(key, StoreOperation.Delete, Name);
        return DeleteAsync(keys, new Place(StoreOperation.Delete, null, Name), cancellationToken);
    }

    private async ValueTask DeleteAsync(IReadOnlyList<StoreKey> keys, Place place, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (keys.Count == 0)
            return;
        await RunAsync(place, async (connection, token) =>
        {
            for (var start = 0; start < keys.Count; start += DeleteBatch)
            {
                var batch = keys.Skip(start).Take(DeleteBatch).ToArray();
                await DeleteBatchAsync(connection, batch, place).WaitAsync(token);
            }
            return true;
        }, cancellationToken);
    }

    private async Task DeleteBatchAsync(SftpConnection connection, StoreKey[] keys, Place place)
    {
        var sights = await Task.WhenAll(keys.Select(key => _tree.LookAtObjectAsync(connection, key, place with { Key = key.Value })));
        var present = keys.Where((_, i) => sights[i].Target is { IsFile: true }).ToArray();
        var removed = await Task.WhenAll(present.Select(key => connection.RemoveAsync(_tree.Paths.Of(key.Value))));
        for (var i = 0; i < present.Length; i++)
        {
            if (!removed[i].IsOk && !removed[i].IsNotFound)
                throw new SftpStatusException(removed[i], "delete", _tree.Paths.Of(present[i].Value));
        }
        await _tree.RemoveEmptyAsync(connection, present.Select(static key => RemotePath.Split(key.Value).Folder));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return ListCoreAsync(prefix, options ?? ListOptions.Default, cancellationToken);
    }

    private async IAsyncEnumerable<ObjectInfo> ListCoreAsync(string prefix, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = new Place(StoreOperation.List, null, Name);
        var listing = new Listing(
            (path, token) => RunAsync(place, (connection, _) => ReadFolderAsync(connection, path, prefix, place).WaitAsync(token), token), Rules, prefix, options);
        await foreach (var (key, found) in listing.WalkAsync(cancellationToken))
            yield return found is { } attributes ? Info(key, attributes) : new ObjectInfo(key, 0) { IsPrefix = true };
    }

    /// <summary>The walk goes into folders only; the way to its first one has to be looked at.</summary>
    private async Task<List<SftpName>?> ReadFolderAsync(SftpConnection connection, string path, string prefix, Place place)
    {
        if (path.Length > 0 && prefix.StartsWith(path + "/", StringComparison.Ordinal))
        {
            var sight = await _tree.LookAsync(connection, path, place);
            if (sight.Target is not { } found || found.IsFile)
                return null;
            if (!found.IsFolder)
                throw place.Error(StoreErrorKind.InvalidKey, $"'{_tree.Paths.Of(path)}' is a symbolic link or a special file, and this store follows none below its root.");
        }
        return await FolderReader.ReadAsync(connection, _tree.Paths.Of(path));
    }

    /// <inheritdoc/>
    public async ValueTask<string?> RemoveTracesAsync(CancellationToken cancellationToken = default)
    {
        if (_tree.Traces.IsEmpty)
            return null;
        await _files.EndAsync();
        await RunAsync(new Place(StoreOperation.Delete, null, Name), async (connection, token) =>
        {
            await _tree.RemoveTracesAsync(connection).WaitAsync(token);
            return true;
        }, cancellationToken);
        _isPrepared = false;
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_files.HasLeft && _pool.RentStanding() is { } lease)
        {
            using (lease)
                await Task.WhenAny(_files.RemoveLeftAsync(lease.Connection), Task.Delay(ConnectGrace));
        }
        await _pool.DisposeAsync();
        await _files.EndAsync();
        _probe.Dispose();
    }

    /// <summary>The store's name.</summary>
    public override string ToString() => Name;

    private KeyRules Rules => new(_files.FoldsCase);

    private Place PlaceOf(StoreOperation operation, StoreKey key)
    {
        Rules.Check(key, operation, Name);
        return new Place(operation, key.Value, Name);
    }

    private Task<T> RunAsync<T>(Place place, Func<SftpConnection, CancellationToken, Task<T>> operation, CancellationToken cancellationToken) =>
        RunOnLeaseAsync(place, async (lease, token) =>
        {
            using (lease)
                return await operation(lease.Connection, token);
        }, cancellationToken);

    /// <summary>Runs an operation on a connection, which it gives back, and turns what goes wrong into a <see cref="StoreException"/>.</summary>
    private async Task<T> RunOnLeaseAsync<T>(Place place, Func<ConnectionLease, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        ConnectionLease? lease = null;
        var isAsked = false;
        try
        {
            lease = await _pool.RentAsync(cancellationToken);
            await PrepareAsync(lease.Connection, place with { IsBeforeEffect = true }).WaitAsync(cancellationToken);
            isAsked = true;
            return await operation(lease, cancellationToken);
        }
        catch (SftpConnectionException exception)
        {
            lease?.Dispose();
            throw SftpErrors.From(exception, place with { IsBeforeEffect = place.IsBeforeEffect || !isAsked });
        }
        catch (SftpStatusException exception)
        {
            var disk = SftpErrors.IsWithoutReason(exception) && exception.Disk is null && lease is not null ? await DiskAsync(lease.Connection) : null;
            lease?.Dispose();
            throw SftpErrors.From(exception, place with { IsBeforeEffect = place.IsBeforeEffect || !isAsked }, disk);
        }
        catch
        {
            lease?.Dispose();
            throw;
        }
    }

    private async Task<FileSystemStatus?> DiskAsync(SftpConnection connection)
    {
        try
        {
            return await connection.FileSystemAsync(_tree.Paths.Root);
        }
        catch (SftpConnectionException)
        {
            return null;
        }
    }

    /// <summary>Meets the server: looks whether the root is there, once, and removes what was left behind when a connection was lost.</summary>
    private async Task PrepareAsync(SftpConnection connection, Place place)
    {
        if (!_isPrepared)
        {
            await Task.WhenAll(_tree.MakeRootAsync(connection, place), _files.LearnFoldingAsync(connection));
            _isPrepared = true;
        }
        if (_files.HasLeft)
            await _files.RemoveLeftAsync(connection);
    }

    private async Task<SftpConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.ConnectTimeout + ConnectGrace, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await SftpConnection.OpenAsync(_start(_options), _time, _options.RequestTimeout, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SftpConnectionException(StoreErrorKind.Unavailable,
                $"{_options.ToTarget()} did not get ready within {_options.ConnectTimeout.TotalSeconds:0.#} s, which is the limit (connectTimeout). The server or the network hangs.");
        }
    }

    private static ObjectInfo Info(StoreKey key, SftpAttributes attributes) => new(key, attributes.Size ?? 0)
    {
        Version = new ObjectVersion($"{attributes.Modified:x}.{attributes.Size:x}"),
        LastModified = attributes.Time,
    };
}
