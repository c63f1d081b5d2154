using System.Collections.Concurrent;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>
/// A put of a large body, or of one of unknown length: in parts, several at a time, each tried again by itself. The object appears when the parts are joined, as
/// a whole; until then nobody sees anything, and when the put fails the parts are removed.
/// </summary>
internal sealed class S3MultipartUpload(S3Connection connection, S3StoreOptions options)
{
    /// <summary>The most parts that S3 takes.</summary>
    public const int MostParts = 10_000;

    /// <summary>How often a request of an upload is sent before the put fails.</summary>
    private const int Tries = 4;

    /// <summary>How many uploads are remembered whose parts could not be removed.</summary>
    private const int MostAbandoned = 100;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the removal of parts may take after the put has failed.</summary>
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(10);

    /// <summary>Uploads whose parts are still at a server that was not there to remove them. The next upload that gets through removes them.</summary>
    private readonly ConcurrentQueue<(string Name, string Upload)> _abandoned = new();

    /// <summary>How large the parts of a body are: as the options say, or larger where there would be too many.</summary>
    public static long PartSizeOf(long? length, S3StoreOptions options) => Math.Max(options.PartSize, ((length ?? 0) + MostParts - 1) / MostParts);

    /// <summary>Puts what the source gives: all of it is in memory already, or it was opened for this put.</summary>
    /// <param name="key">The object.</param>
    /// <param name="source">The body's stream.</param>
    /// <param name="head">What was read of it before.</param>
    /// <param name="length">The body's length, when it is known.</param>
    /// <param name="progress">Told what was sent.</param>
    /// <param name="place">For errors.</param>
    /// <param name="cancellationToken">Cancels the put.</param>
    public async Task<ObjectInfo> RunAsync(StoreKey key, Stream source, PartBuffer? head, long? length, IProgress<long>? progress, S3Place place, CancellationToken cancellationToken)
    {
        var name = options.FullKey(key);
        var mark = PutMark.New();
        string? upload = null;
        try
        {
            upload = await BeginAsync(name, mark, place, cancellationToken);
            using var parts = new Parts(this, name, upload, PartSizeOf(length, options), new SentTally(progress), place, cancellationToken);
            var size = await parts.SendAsync(source, head);
            var done = await JoinAsync(name, upload, parts.Tags, place, cancellationToken);
            await RemoveAbandonedAsync();
            return new ObjectInfo(key, size)
            {
                Version = S3Version.From(done.ETag) ?? await VersionAsync(name, mark, cancellationToken),
                StoreTime = AnswerNotes.TimeOf(done),
            };
        }
        catch
        {
            if (upload is not null)
                await AbortAsync(name, upload);
            throw;
        }
    }

    private async Task<string> BeginAsync(string name, string mark, S3Place place, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = options.Bucket, Key = name, ContentType = "application/octet-stream" };
        request.Metadata[PutMark.Name] = mark;
        return (await TryAsync(token => connection.Client.InitiateMultipartUploadAsync(request, token), place, cancellationToken)).UploadId;
    }

    /// <summary>Ceph 16 joins the parts and does not tell the etag. The mark shows whether the object that is there is still this one.</summary>
    private async Task<ObjectVersion?> VersionAsync(string name, string mark, CancellationToken cancellationToken)
    {
        try
        {
            var found = await connection.Client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = name }, cancellationToken);
            return found.Metadata[PutMark.Name] == mark ? S3Version.From(found.ETag) : null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The object is there; that nobody tells its version does not undo it.
            return null;
        }
    }

    private Task<CompleteMultipartUploadResponse> JoinAsync(string name, string upload, List<PartETag> tags, S3Place place, CancellationToken cancellationToken) =>
        TryAsync(token => connection.Client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = options.Bucket,
            Key = name,
            UploadId = upload,
            PartETags = tags,
        }, token), place, cancellationToken);

    /// <summary>Removes the parts, whatever became of the caller's token. What cannot be removed now is tried again after the next upload, and stays for a rule of the bucket's lifecycle.</summary>
    private async Task<bool> AbortAsync(string name, string upload)
    {
        if (await IsAbortedAsync(name, upload))
            return true;
        if (_abandoned.Count < MostAbandoned)
            _abandoned.Enqueue((name, upload));
        return false;
    }

    private async Task RemoveAbandonedAsync()
    {
        // Other puts may do the same at the same time: each takes what it removes. Where one cannot be removed the others cannot either.
        while (_abandoned.TryDequeue(out var left))
        {
            if (!await AbortAsync(left.Name, left.Upload))
                return;
        }
    }

    private async Task<bool> IsAbortedAsync(string name, string upload)
    {
        using var limit = new CancellationTokenSource(AbortLimit, options.Time);
        for (var i = 0; i < 2; i++)
        {
            try
            {
                await connection.Client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = name, UploadId = upload }, limit.Token);
                return true;
            }
            catch (Exception e) when (S3Errors.IsGone(e))
            {
                return true;
            }
            catch (Exception)
            {
                // The put's own error is what the caller needs.
            }
        }
        return false;
    }

    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> request, S3Place place, CancellationToken cancellationToken)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                return await request(cancellationToken);
            }
            catch (Exception e)
            {
                var error = S3Errors.From(e, place, cancellationToken);
                if (i == Tries || error is not StoreException { IsTransient: true } transient || S3Errors.IsGone(e))
                    throw error;
                var wait = FirstWait * (1 << (i - 1));
                await Task.Delay(transient.RetryAfter is { } asked && asked > wait && asked < TimeSpan.FromSeconds(20) ? asked : wait, options.Time, cancellationToken);
            }
        }
    }

    /// <summary>The parts of one upload: read one after the other, sent side by side.</summary>
    private sealed class Parts(S3MultipartUpload owner, string name, string upload, long partSize, SentTally tally, S3Place place, CancellationToken cancellationToken) : IDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        private readonly SemaphoreSlim _slots = new(owner.Options.ParallelParts);
        private readonly PartBuffers _buffers = new(partSize);
        private readonly List<Task<PartETag>> _sending = [];

        /// <summary>What the server gave for each part, in order.</summary>
        public List<PartETag> Tags => _sending.ConvertAll(static part => part.Result);

        public async Task<long> SendAsync(Stream source, PartBuffer? head)
        {
            var size = 0L;
            try
            {
                while (true)
                {
                    await _slots.WaitAsync(_stop.Token);
                    var part = head ?? _buffers.Rent();
                    head = null;
                    await part.FillAsync(source, _stop.Token);
                    if (part.Count == 0 && _sending.Count > 0)
                        break;
                    if (_sending.Count == MostParts)
                        throw place.Error(StoreErrorKind.QuotaExceeded, $"The body of {place.Subject} has more than {MostParts} parts of {partSize} bytes. Name its length, or set partSize in the URL.");
                    size += part.Count;
                    _sending.Add(SendPartAsync(part, _sending.Count + 1));
                    if (part.Count < partSize)
                        break;
                }
                await Task.WhenAll(_sending);
                return size;
            }
            catch (Exception e)
            {
                // Nothing may be sent any more when the parts are removed.
                await _stop.CancelAsync();
                await Task.WhenAll(_sending).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                // A part that failed has stopped the others, and the reading of the source: its error is the one that counts.
                if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested
                    && _sending.Select(static part => part.Exception?.InnerException).FirstOrDefault(static fault => fault is not null) is { } fault)
                    throw fault;
                throw;
            }
        }

        private async Task<PartETag> SendPartAsync(PartBuffer part, int number)
        {
            await Task.Yield();
            try
            {
                var bytes = part.Bytes;
                var unsigned = owner.Options.LeavesPayloadUnsigned;
                var hash = unsigned ? null : PrecomputedHash.Of(bytes.Span);
                var answer = await owner.TryAsync(cancel => owner.SendOnceAsync(new UploadPartRequest
                {
                    BucketName = owner.Options.Bucket,
                    Key = name,
                    UploadId = upload,
                    PartNumber = number,
                    PartSize = bytes.Length,
                    InputStream = new SentBytes(bytes, sent => tally.Report(number, sent)) { Hash = hash },
                    DisablePayloadSigning = unsigned,
                    UseChunkEncoding = false,
                }, cancel), place, _stop.Token);
                return new PartETag(number, answer.ETag);
            }
            catch
            {
                await _stop.CancelAsync();
                throw;
            }
            finally
            {
                _buffers.Return(part);
                _slots.Release();
            }
        }

        public void Dispose()
        {
            _stop.Dispose();
            _slots.Dispose();
        }
    }

    private S3StoreOptions Options => options;

    private Task<UploadPartResponse> SendOnceAsync(UploadPartRequest part, CancellationToken cancellationToken) => connection.Client.UploadPartAsync(part, cancellationToken);
}
