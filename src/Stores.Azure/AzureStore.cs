using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Coffer.Stores.Azure;

/// <summary>
/// A store in a container of Azure Blob Storage: each object is a block blob, its name the store's prefix and the key. See docs/stores/azure.md for what is promised.
/// </summary>
public sealed class AzureStore : IStore, IPresigner, IStoreTraces
{
    /// <summary>How many blobs a batch of deletes removes at a time.</summary>
    private const int ParallelDeletes = 16;

    private readonly AzureStoreOptions _options;
    private readonly AzureConnection _connection;
    private readonly AzureErrors _errors;
    private readonly AzurePresigner _presigner;
    private readonly BlobNames _names;
    private readonly TimeProvider _time;
    private volatile bool _hasContainer;
    private volatile bool _isContainerMade;

    /// <summary>Opens a store. Nothing is sent yet.</summary>
    /// <param name="options">The container and its credentials.</param>
    /// <param name="time">The clock and timers.</param>
    /// <exception cref="StoreException">The endpoint or the credentials cannot be used (<see cref="StoreErrorKind.Unsupported"/>).</exception>
    public AzureStore(AzureStoreOptions options, TimeProvider time)
        : this(options, time, null)
    {
    }

    internal AzureStore(AzureStoreOptions options, TimeProvider time, HttpMessageHandler? handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BlockSize, 1 << 20, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BlockSize, 1 << 30, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ParallelBlocks, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ParallelBlocks, 64, nameof(options));
        (_options, _time) = (options, time);
        Name = BlobNames.StoreName(options);
        _connection = new AzureConnection(options, handler);
        _errors = new AzureErrors(options, Name, time);
        _names = new BlobNames(options.Prefix, Name);
        _presigner = new AzurePresigner(_connection, _errors, time);
        Capabilities = new StoreCapabilities
        {
            IfAbsent = true,
            IfMatch = true,
            IfNoneMatch = true,
            StrongVersions = true,
            StoreTime = true,
            MaxSize = (long)BlobLimits.MostBlocks * options.BlockSize,
            MaxConditionalSize = BlobLimits.OnePut,
        };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public StoreCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var blob = _connection.Blob(_names.Of(key, StoreOperation.Stat));
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var answer = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
            var facts = answer.Value;
            return Info(key, facts.ContentLength, facts.ETag, facts.LastModified, answer.GetRawResponse());
        }
        catch (RequestFailedException e) when (IsMissing(e))
        {
            return null;
        }
        catch (Exception e)
        {
            throw _errors.From(e, StoreOperation.Stat, key, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var blob = _connection.Blob(_names.Of(key, StoreOperation.Read));
        cancellationToken.ThrowIfCancellationRequested();
        options ??= ReadOptions.Default;
        try
        {
            var answer = await blob.DownloadStreamingAsync(Download.Request(options), cancellationToken);
            return Download.Open(answer, key, options.Range, _errors);
        }
        catch (Exception e)
        {
            throw _errors.From(e, StoreOperation.Read, key, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        options ??= PutOptions.Default;
        var blob = _connection.Blob(_names.Of(key, StoreOperation.Put));
        CheckPut(key, body, options);
        cancellationToken.ThrowIfCancellationRequested();
        await PrepareAsync(blob, key, body, options, cancellationToken);
        try
        {
            if (body.Length is { } length && (length <= _options.BlockSize || options.Condition.Kind != PutConditionKind.Any))
            {
                var answer = await OnePut.RunAsync(blob, key, body, length, options, _errors, cancellationToken);
                return Info(key, length, answer.Value.ETag, answer.Value.LastModified, answer.GetRawResponse());
            }
            await using var source = await body.OpenAsync(cancellationToken: cancellationToken);
            using var upload = new BlockUpload(blob, key, _options, _errors, _time, options.Progress);
            var (committed, size) = await upload.RunAsync(source, cancellationToken);
            return Info(key, size, committed.Value.ETag, committed.Value.LastModified, committed.GetRawResponse());
        }
        catch (StoreException e) when (e.Kind == StoreErrorKind.NotFound)
        {
            // The container went away: the next put makes it again.
            _hasContainer = false;
            throw;
        }
    }

    private void CheckPut(StoreKey key, ObjectBody body, PutOptions options)
    {
        var isConditional = options.Condition.Kind != PutConditionKind.Any;
        var most = isConditional ? Math.Min(BlobLimits.OnePut, Capabilities.MaxSize!.Value) : Capabilities.MaxSize!.Value;
        if (body.Length is null ? isConditional : body.Length > most)
        {
            throw _errors.PlaceOf(StoreOperation.Put, key).Error(StoreErrorKind.Unsupported, body.Length is null
                ? $"'{key}' cannot be put under a condition from a body of unknown length: such a put is one request, which names its length."
                : $"'{key}' has {body.Length} bytes, and {(isConditional ? "a put under a condition" : "an object")} has at most {most} in '{Name}'.");
        }
        if (options.Condition is { Kind: PutConditionKind.IfMatch, Version: { } version } && Etag.Write(version) is null)
            throw _errors.PlaceOf(StoreOperation.Put, key).Error(StoreErrorKind.ConditionFailed, $"No object can have the version '{version}' that the put of '{key}' depends on: it is no etag.");
    }

    /// <summary>What comes before a put; when it fails, nothing of the put was sent.</summary>
    private async ValueTask PrepareAsync(BlockBlobClient blob, StoreKey key, ObjectBody body, PutOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (options.Condition.Kind == PutConditionKind.IfAbsent && body.Length > _options.BlockSize && await ExistsAsync(blob, cancellationToken))
                throw _errors.PlaceOf(StoreOperation.Put, key).Error(StoreErrorKind.AlreadyExists, $"'{key}' exists already in '{Name}'.");
            await EnsureContainerAsync(key, cancellationToken);
        }
        catch (Exception e)
        {
            throw _errors.BeforePut(e, key, cancellationToken);
        }
    }

    private async ValueTask<bool> ExistsAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>Makes the container once, where that was asked for. Who may not make it may still put into it.</summary>
    private async ValueTask EnsureContainerAsync(StoreKey key, CancellationToken cancellationToken)
    {
        if (!_options.Create || _hasContainer)
            return;
        try
        {
            // No answer says that it was there already.
            if (await _connection.Container.CreateIfNotExistsAsync(cancellationToken: cancellationToken) is not null)
                _isContainerMade = true;
        }
        catch (Exception e)
        {
            var error = _errors.BeforePut(e, key, cancellationToken);
            if (error is not StoreException { Kind: StoreErrorKind.PermissionDenied })
                throw error;
        }
        _hasContainer = true;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var name = _names.Of(key, StoreOperation.Delete);
        await DeleteAsync(key, name, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var blobs = keys.Select(key => (key, _names.Of(key, StoreOperation.Delete))).ToArray();
        cancellationToken.ThrowIfCancellationRequested();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelDeletes, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(blobs, parallel, (blob, token) => DeleteAsync(blob.key, blob.Item2, token));
    }

    private async ValueTask DeleteAsync(StoreKey key, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await _connection.Blob(name).DeleteAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (IsMissing(e))
        {
            // Missing is success.
        }
        catch (Exception e)
        {
            throw _errors.From(e, StoreOperation.Delete, key, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return new BlobListing(_connection, _names, _errors, prefix, options ?? ListOptions.Default).RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Uri> PresignAsync(StoreKey key, PresignedAccess access, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
        _presigner.PresignAsync(key, _names.Of(key, StoreOperation.Open), access, lifetime, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<string?> RemoveTracesAsync(CancellationToken cancellationToken = default) => new(_isContainerMade ? $"the container '{_options.Container}'" : null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The store's name.</summary>
    public override string ToString() => Name;

    /// <summary>There is no such blob; a container that the first put makes has none. A container that nobody makes is an error.</summary>
    private bool IsMissing(RequestFailedException e) => e.Status == 404 && (e.ErrorCode != "ContainerNotFound" || _options.Create);

    private static ObjectInfo Info(StoreKey key, long size, ETag etag, DateTimeOffset modified, Response answer) => new(key, size)
    {
        Version = Etag.Read(etag),
        LastModified = modified,
        StoreTime = answer.Headers.Date,
    };
}
