using System.Net;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>The bucket itself: made once, before the first operation, when the options say so.</summary>
internal sealed class S3Bucket
{
    private readonly S3Connection _connection;
    private readonly S3StoreOptions _options;
    private readonly SharedAnswer<bool>? _made;
    private volatile bool _isThere;

    public S3Bucket(S3Connection connection, S3StoreOptions options)
    {
        (_connection, _options) = (connection, options);
        _made = options.Create ? new SharedAnswer<bool>(MakeAsync, options.Time) : null;
    }

    /// <summary>Whether this store made it.</summary>
    public bool IsMade { get; private set; }

    public async ValueTask EnsureAsync(S3Place place, CancellationToken cancellationToken)
    {
        if (_isThere || _made is null)
            return;
        try
        {
            _isThere = await _made.GetAsync(cancellationToken);
        }
        catch (Exception e)
        {
            throw S3Errors.Before(e, place, cancellationToken);
        }
    }

    private async Task<bool> MakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.Client.HeadBucketAsync(new HeadBucketRequest { BucketName = _options.Bucket }, cancellationToken);
            return true;
        }
        catch (Exception e) when (S3Errors.HasAnswer(e) && !S3Errors.Is(e, HttpStatusCode.NotFound) && !S3Errors.LeavesOpen(e))
        {
            // It is there, or the operation itself will say what is wrong, better than an answer without content can.
            return true;
        }
        catch (Exception e) when (S3Errors.Is(e, HttpStatusCode.NotFound))
        {
            await CreateAsync(cancellationToken);
            return true;
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.Client.PutBucketAsync(new PutBucketRequest
            {
                BucketName = _options.Bucket,
                // Other servers have no place of Amazon's names.
                UseClientRegion = _options.IsAmazon,
            }, cancellationToken);
            IsMade = true;
        }
        catch (Exception e) when (S3Errors.Is(e, HttpStatusCode.Conflict))
        {
            // Somebody else made it at the same moment. When it is not ours, the operation itself is refused.
        }
    }
}
