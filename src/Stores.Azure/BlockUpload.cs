using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Coffer.Stores.Azure;

/// <summary>
/// A large body: several blocks at a time, then the list of them, which makes them an object in one step. Blocks have random names, so that no other writer's can get
/// among them. What is left when it fails is never listed, and the service removes it by itself after a week, or with the next put of the same key.
/// </summary>
internal sealed class BlockUpload(BlockBlobClient blob, StoreKey key, AzureStoreOptions options, AzureErrors errors, TimeProvider time, IProgress<long>? progress) : IDisposable
{
    /// <summary>How often a block, or the list of blocks, is sent again after a transient error.</summary>
    private const int MostRetries = 3;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200), LongestWait = TimeSpan.FromSeconds(10);

    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(16);
    private readonly SemaphoreSlim _turns = new(options.ParallelBlocks);
    private readonly Stack<byte[]> _buffers = new();
    private readonly List<Task> _running = [];
    private readonly List<string> _ids = [];
    private readonly SentBytes _sent = new(progress);
    private CancellationTokenSource? _stop;
    private Exception? _fault;

    /// <summary>Sends a body.</summary>
    /// <param name="source">The body, from its beginning.</param>
    /// <param name="cancellationToken">Cancels it; nothing becomes visible then.</param>
    public async Task<(Response<BlobContentInfo> Answer, long Size)> RunAsync(Stream source, CancellationToken cancellationToken)
    {
        using var stop = _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var first = Take();
            var count = await source.ReadFullyAsync(first, stop.Token);
            if (count < first.Length)
                return (await SendWholeAsync(first.AsMemory(0, count), stop.Token), count);
            var size = await SendBlocksAsync(first, source, stop.Token);
            await Task.WhenAll(_running);
            if (_fault is null)
                return (await CommitAsync(cancellationToken), size);
        }
        catch (Exception e)
        {
            // The first error counts; those that come of stopping the others do not.
            Interlocked.CompareExchange(ref _fault, e, null);
            await stop.CancelAsync();
            await Task.WhenAll(_running);
        }
        cancellationToken.ThrowIfCancellationRequested();
        AzureErrors.Throw(_fault);
        throw _fault;
    }

    /// <summary>A body that fits into a block after all.</summary>
    private Task<Response<BlobContentInfo>> SendWholeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var sent = _sent.Block();
        return RetryAsync(
            async () =>
            {
                await using var body = new RequestBody(new ReadOnlyMemoryStream(bytes), bytes.Length, sent);
                return await blob.UploadAsync(body, OnePut.Options(null), cancellationToken);
            },
            cancellationToken);
    }

    private async Task<long> SendBlocksAsync(byte[] first, Stream source, CancellationToken cancellationToken)
    {
        var (size, buffer, count) = (0L, first, first.Length);
        while (count > 0)
        {
            size += count;
            if (_ids.Count == BlobLimits.MostBlocks)
            {
                throw errors.PlaceOf(StoreOperation.Put, key).Error(StoreErrorKind.Unsupported,
                    $"'{key}' has more than {BlobLimits.MostBlocks} blocks of {options.BlockSize} bytes, and a blob has no more. Give the store a larger 'blockSize'.");
            }
            var id = NextId();
            await _turns.WaitAsync(cancellationToken);
            _running.RemoveAll(static task => task.IsCompletedSuccessfully);
            _running.Add(SendAsync(id, buffer, count, cancellationToken));
            if (count < buffer.Length)
                break;
            buffer = Take();
            count = await source.ReadFullyAsync(buffer, cancellationToken);
        }
        return size;
    }

    /// <summary>Never fails: the first error is kept, and stops the others.</summary>
    private async Task SendAsync(string id, byte[] buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            var sent = _sent.Block();
            await RetryAsync(
                async () =>
                {
                    await using var body = new RequestBody(new ReadOnlyMemoryStream(buffer.AsMemory(0, count)), count, sent);
                    await blob.StageBlockAsync(id, body, cancellationToken: cancellationToken);
                    return true;
                },
                cancellationToken);
            // Only what was received whole is surely not read by the transport any more.
            lock (_buffers)
                _buffers.Push(buffer);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _fault, e, null);
            await _stop!.CancelAsync();
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>The same list once more is the same object again.</summary>
    private Task<Response<BlobContentInfo>> CommitAsync(CancellationToken cancellationToken) =>
        RetryAsync(() => blob.CommitBlockListAsync(_ids, new CommitBlockListOptions(), cancellationToken), cancellationToken);

    private async Task<T> RetryAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken)
    {
        for (var retry = 0; ; retry++)
        {
            Exception error;
            try
            {
                return await request();
            }
            catch (Exception e)
            {
                error = errors.From(e, StoreOperation.Put, key, cancellationToken);
            }
            var wait = (error as StoreException)?.RetryAfter ?? (FirstWait * (1 << retry));
            if (retry == MostRetries || error is not StoreException { IsTransient: true } || wait > LongestWait)
                AzureErrors.Throw(error);
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private byte[] Take()
    {
        lock (_buffers)
            return _buffers.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(options.BlockSize);
    }

    /// <summary>All of one length, as the service asks.</summary>
    private string NextId()
    {
        var id = new byte[_nonce.Length + sizeof(int)];
        _nonce.CopyTo(id, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(_nonce.Length), _ids.Count);
        _ids.Add(Convert.ToBase64String(id));
        return _ids[^1];
    }

    public void Dispose() => _turns.Dispose();
}
