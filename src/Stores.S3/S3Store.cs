using System.Net.Http;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>
/// A store in a bucket of Amazon S3, or of a server that speaks its protocol: each object is an object there. See docs/stores/s3.md for what is promised.
/// </summary>
public sealed class S3Store : IStore, ICapabilityProbe, IPresigner, IStoreTraces
{
    /// <summary>The largest object that S3 servers take.</summary>
    private const long LargestObject = 5L << 40;

    /// <summary>The largest body of one request, and so of a conditional put.</summary>
    private const long LargestRequest = 5L << 30;

    private static readonly TimeSpan LongestSignature = TimeSpan.FromDays(7);

    private readonly S3StoreOptions _options;
    private readonly S3Connection _connection;
    private readonly S3Bucket _bucket;
    private readonly S3Reading _reading;
    private readonly S3Listing _listing;
    private readonly S3Deletion _deletion;
    private readonly S3Upload _upload;
    private readonly S3MultipartUpload _multipart;
    private readonly ConditionProbe _probe;

    /// <summary>Opens a store. No server is met before the first operation.</summary>
    /// <exception cref="StoreException">The options contradict each other; the message says how.</exception>
    public S3Store(S3StoreOptions options)
        : this(options, null)
    {
    }

    internal S3Store(S3StoreOptions options, HttpMessageHandler? handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is var (fault, _))
            throw new S3Place(StoreOperation.Open, null, options).Error(StoreErrorKind.Unsupported, fault + ".");
        _options = options;
        _connection = new S3Connection(options, handler);
        _bucket = new S3Bucket(_connection, options);
        _reading = new S3Reading(_connection, options);
        _listing = new S3Listing(_connection, options);
        _deletion = new S3Deletion(_connection, options);
        _upload = new S3Upload(_connection, options);
        _multipart = new S3MultipartUpload(_connection, options);
        _probe = new ConditionProbe(options, _upload, _deletion);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public ValueTask<string?> RemoveTracesAsync(CancellationToken cancellationToken = default) => new(_bucket.IsMade ? $"the bucket '{_options.Bucket}'" : null);

    /// <inheritdoc/>
    public StoreCapabilities Capabilities => new()
    {
        IfAbsent = _probe.IfAbsent,
        IfMatch = _probe.IfMatch,
        IfNoneMatch = true,
        StrongVersions = true,
        CheapStartAfter = true,
        StoreTime = true,
        MaxSize = LargestObject,
        MaxConditionalSize = LargestRequest,
    };

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo?> StatAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var place = PlaceOf(StoreOperation.Stat, key);
        await _bucket.EnsureAsync(place, cancellationToken);
        return await _reading.StatAsync(key, place, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectReader> OpenReadAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var place = PlaceOf(StoreOperation.Read, key);
        await _bucket.EnsureAsync(place, cancellationToken);
        return await _reading.OpenAsync(key, options ?? ReadOptions.Default, place, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> PutAsync(StoreKey key, ObjectBody body, PutOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        cancellationToken.ThrowIfCancellationRequested();
        options ??= PutOptions.Default;
        var place = PlaceOf(StoreOperation.Put, key);
        CheckPut(body, options.Condition, place);
        await _bucket.EnsureAsync(place, cancellationToken);
        if (options.Condition.Kind != PutConditionKind.Any)
            return await PutConditionallyAsync(key, body, options, place, cancellationToken);
        // Up to two parts one request is quicker; and it need not be held in memory.
        if (body.Length <= 2 * _options.PartSize)
            return await _upload.RunAsync(key, body, options, S3Version.Quoted, place, cancellationToken);
        return await PutLargeAsync(key, body, options, place, cancellationToken);
    }

    private void CheckPut(ObjectBody body, PutCondition condition, S3Place place)
    {
        if (body.Length > LargestObject)
            throw place.Error(StoreErrorKind.Unsupported, $"An object of {body.Length} bytes is larger than the {LargestObject} that S3 takes.");
        if (condition.Kind == PutConditionKind.Any)
            return;
        if (body.Length is not { } length)
            throw place.Error(StoreErrorKind.Unsupported, $"{place.Subject} cannot be put under a condition from a body of unknown length: name the length, or spool the source first.");
        if (length > LargestRequest)
            throw place.Error(StoreErrorKind.Unsupported, $"A conditional put is one request, which has at most {LargestRequest} bytes, and the body of {place.Subject} has {length}.");
        CheckCondition(condition.Kind, place);
    }

    private void CheckCondition(PutConditionKind condition, S3Place place)
    {
        if (condition == PutConditionKind.IfAbsent && !_probe.IfAbsent)
        {
            throw place.Error(StoreErrorKind.Unsupported, $"The server of '{Name}' ignores the condition of a create-only put (If-None-Match: *): of two of them the second one won, too. "
                + "Two writers could overwrite each other unnoticed, so it is not sent. Use a newer version of the server, or another store.");
        }
        if (condition == PutConditionKind.IfMatch && !_probe.IfMatch)
            throw place.Error(StoreErrorKind.Unsupported, $"The server of '{Name}' does not keep the condition of a put that names a version (If-Match). Put without it, or use a newer version of the server.");
    }

    private async Task<ObjectInfo> PutConditionallyAsync(StoreKey key, ObjectBody body, PutOptions options, S3Place place, CancellationToken cancellationToken)
    {
        var findings = await SettleAsync(place, cancellationToken);
        CheckCondition(options.Condition.Kind, place);
        return await _upload.RunAsync(key, body, options, findings.MatchForm ?? S3Version.Quoted, place, cancellationToken);
    }

    private async ValueTask<ConditionProbe.Findings> SettleAsync(S3Place place, CancellationToken cancellationToken)
    {
        try
        {
            return await _probe.SettleAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            throw S3Errors.Before(e, place, cancellationToken);
        }
    }

    private async Task<ObjectInfo> PutLargeAsync(StoreKey key, ObjectBody body, PutOptions options, S3Place place, CancellationToken cancellationToken)
    {
        await using var source = await body.OpenAsync(cancellationToken: cancellationToken);
        PartBuffer? head = null;
        if (body.Length is null)
        {
            // Most of them are small, and a whole buffer for each would be waste.
            head = new PartBuffer(new byte[S3Upload.SmallBody]);
            await head.FillAsync(source, cancellationToken);
            if (head.IsFull)
            {
                head = head.Grown(_options.PartSize);
                await head.FillAsync(source, cancellationToken);
            }
            if (!head.IsFull)
                return await _upload.RunAsync(key, ObjectBody.FromBytes(head.Bytes), options, S3Version.Quoted, place, cancellationToken);
        }
        return await _multipart.RunAsync(key, source, head, body.Length, options.Progress, place, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(StoreKey key, CancellationToken cancellationToken = default)
    {
        var place = PlaceOf(StoreOperation.Delete, key);
        await _bucket.EnsureAsync(place, cancellationToken);
        await _deletion.RunAsync(key, place, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteManyAsync(IReadOnlyList<StoreKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var key in keys)
            PlaceOf(StoreOperation.Delete, key);
        var place = new S3Place(StoreOperation.Delete, null, _options);
        await _bucket.EnsureAsync(place, cancellationToken);
        await _deletion.RunAsync(keys, place, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return ListCoreAsync(prefix, options ?? ListOptions.Default, cancellationToken);
    }

    private async IAsyncEnumerable<ObjectInfo> ListCoreAsync(string prefix, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = new S3Place(StoreOperation.List, null, _options);
        await _bucket.EnsureAsync(place, cancellationToken);
        await foreach (var entry in _listing.RunAsync(prefix, options, place, cancellationToken))
            yield return entry;
    }

    /// <inheritdoc/>
    public bool IsSettled => _probe.IsSettled;

    /// <inheritdoc/>
    public async ValueTask<StoreCapabilities> ProbeAsync(CancellationToken cancellationToken = default)
    {
        if (IsSettled)
            return Capabilities;
        await _bucket.EnsureAsync(new S3Place(StoreOperation.Put, null, _options), cancellationToken);
        await _probe.SettleAsync(cancellationToken);
        return Capabilities;
    }

    /// <inheritdoc/>
    public string? Answer => _probe.Answer;

    /// <inheritdoc/>
    public void Trust(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _probe.Trust(answer);
    }

    /// <inheritdoc/>
    public async ValueTask<Uri> PresignAsync(StoreKey key, PresignedAccess access, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, LongestSignature);
        cancellationToken.ThrowIfCancellationRequested();
        var place = PlaceOf(StoreOperation.Open, key);
        if (_options.Anonymous)
            throw place.Error(StoreErrorKind.Unsupported, $"'{Name}' is used without credentials, and without them nothing can be signed.");
        try
        {
            return new Uri(await _connection.Client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
            {
                BucketName = _options.Bucket,
                Key = _options.FullKey(key),
                Verb = access == PresignedAccess.Read ? HttpVerb.GET : HttpVerb.PUT,
                // The SDK takes the system's clock, too.
                Expires = DateTime.UtcNow + lifetime,
                Protocol = _options.Endpoint?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
            }));
        }
        catch (Exception e)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The store's name.</summary>
    public override string ToString() => Name;

    private S3Place PlaceOf(StoreOperation operation, StoreKey key)
    {
        var place = new S3Place(operation, key, _options);
        if (key.IsDefault)
            throw place.Error(StoreErrorKind.InvalidKey, "The default StoreKey is no key; make one with StoreKey.Parse.");
        if (key.Value.StartsWith(ConditionProbe.NamePrefix, StringComparison.Ordinal))
            throw place.Error(StoreErrorKind.InvalidKey, $"{place.Subject} cannot be kept: names that begin with '{ConditionProbe.NamePrefix}' are the store's own.");
        if (_options.Prefix.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(_options.FullKey(key)) > StoreKey.MaxBytes)
            throw place.Error(StoreErrorKind.InvalidKey, $"{place.Subject} cannot be kept: with the prefix it has more than the {StoreKey.MaxBytes} bytes that S3 takes.");
        return place;
    }
}
