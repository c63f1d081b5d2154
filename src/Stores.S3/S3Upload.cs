using System.Runtime.ExceptionServices;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>A put in one request: all conditional ones, for which servers know no other atomic way, and bodies that are not worth parts.</summary>
internal sealed class S3Upload(S3Connection connection, S3StoreOptions options)
{
    /// <summary>A body up to this size is held in memory while it is sent, so that its source is out of the way before the request begins.</summary>
    public const int SmallBody = 256 << 10;

    /// <param name="key">The object.</param>
    /// <param name="body">The body, of known length.</param>
    /// <param name="put">The condition and the progress.</param>
    /// <param name="matchForm">How the server wants the version of <see cref="PutCondition.IfMatch"/>.</param>
    /// <param name="place">For errors.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<ObjectInfo> RunAsync(StoreKey key, ObjectBody body, PutOptions put, Func<ObjectVersion, string> matchForm, S3Place place, CancellationToken cancellationToken)
    {
        var length = body.Length ?? throw new ArgumentException("A put in one request needs a body of known length.", nameof(body));
        var mark = put.Condition.Kind == PutConditionKind.Any ? null : PutMark.New();
        if (body.Memory is { } memory)
        {
            var request = Request(key, put, matchForm, mark, InMemory(memory, put.Progress));
            if (length == 0)
                put.Progress?.Report(0);
            return await SendAsync(request, null, key, length, put, mark, place, cancellationToken);
        }
        await using var source = await body.OpenAsync(put.Progress, cancellationToken);
        if (length <= SmallBody)
        {
            var bytes = new byte[length];
            await source.ReadFullyAsync(bytes, cancellationToken);
            // Fails when the source has more than was announced.
            _ = await source.ReadFullyAsync(new byte[1], cancellationToken);
            return await SendAsync(Request(key, put, matchForm, mark, InMemory(bytes, null)), null, key, length, put, mark, place, cancellationToken);
        }
        await using var sent = new SentSource(source, length);
        return await SendAsync(Request(key, put, matchForm, mark, sent), sent, key, length, put, mark, place, cancellationToken);
    }

    private SentBytes InMemory(ReadOnlyMemory<byte> bytes, IProgress<long>? progress) =>
        new(bytes, sent => progress?.Report(sent)) { Hash = options.LeavesPayloadUnsigned ? null : PrecomputedHash.Of(bytes.Span) };

    private PutObjectRequest Request(StoreKey key, PutOptions put, Func<ObjectVersion, string> matchForm, string? mark, Stream content)
    {
        var request = new PutObjectRequest
        {
            BucketName = options.Bucket,
            Key = options.FullKey(key),
            InputStream = content,
            AutoCloseStream = false,
            AutoResetStreamPosition = false,
            ContentType = "application/octet-stream",
            DisablePayloadSigning = options.LeavesPayloadUnsigned,
            UseChunkEncoding = !content.CanSeek,
        };
        if (mark is not null)
            request.Metadata[PutMark.Name] = mark;
        if (put.Condition.Kind == PutConditionKind.IfAbsent)
            request.IfNoneMatch = "*";
        else if (put.Condition.Version is { } version)
            request.IfMatch = matchForm(version);
        return request;
    }

    private async Task<ObjectInfo> SendAsync(
        PutObjectRequest request, SentSource? source, StoreKey key, long length, PutOptions put, string? mark, S3Place place, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.Client.PutObjectAsync(request, cancellationToken);
            return new ObjectInfo(key, length) { Version = S3Version.From(answer.ETag), StoreTime = AnswerNotes.TimeOf(answer) };
        }
        catch (Exception) when (source?.Fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
            throw;
        }
        catch (Exception e) when (mark is not null && !cancellationToken.IsCancellationRequested)
        {
            return await OutcomeAsync(e, key, length, put.Condition.Kind, mark, place, cancellationToken);
        }
        catch (Exception e)
        {
            throw S3Errors.From(e, place, cancellationToken);
        }
    }

    /// <summary>What became of a conditional put that did not simply succeed.</summary>
    private async Task<ObjectInfo> OutcomeAsync(Exception e, StoreKey key, long length, PutConditionKind condition, string mark, S3Place place, CancellationToken cancellationToken)
    {
        var isOpen = S3Errors.LeavesOpen(e) && !S3Errors.WasNeverSent(e);
        // A 408 may also come from something on the way.
        var error = S3Errors.From(e, place with { IsBeforeEffect = !isOpen && !S3Errors.Is(e, System.Net.HttpStatusCode.RequestTimeout) }, cancellationToken);
        if (S3Errors.Is(e, System.Net.HttpStatusCode.PreconditionFailed) || error is StoreException { Kind: StoreErrorKind.NotFound } && condition == PutConditionKind.IfMatch && !S3Errors.IsNoBucket(e))
            throw Lost(condition, place, e);
        var isConflict = S3Errors.Is(e, System.Net.HttpStatusCode.Conflict);
        if (!isConflict && !isOpen)
            throw error;
        // Where there was an answer, the server has made up its mind: the object that is there tells what it decided. Where there was none, it may still be at work.
        if (S3Errors.HasAnswer(e))
        {
            var found = await LookAsync(key, place, e, cancellationToken);
            if (found?.Metadata[PutMark.Name] == mark)
                return new ObjectInfo(key, length) { Version = S3Version.From(found.ETag), StoreTime = AnswerNotes.TimeOf(found) };
            if (found is not null && condition == PutConditionKind.IfAbsent)
                throw Lost(condition, place, e);
            if (condition == PutConditionKind.IfMatch && S3Errors.IsLostRaceOnCeph(e))
                throw Lost(condition, place, e);
            if (isConflict)
                throw error;
        }
        throw OutcomeUnknown(place, e);
    }

    private async Task<GetObjectMetadataResponse?> LookAsync(StoreKey key, S3Place place, Exception cause, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = options.FullKey(key) }, cancellationToken);
        }
        catch (Exception e) when (S3Errors.Is(e, System.Net.HttpStatusCode.NotFound))
        {
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw OutcomeUnknown(place, cause);
        }
    }

    private static StoreException Lost(PutConditionKind condition, S3Place place, Exception e) => condition == PutConditionKind.IfAbsent
        ? place.Error(StoreErrorKind.AlreadyExists, $"There is already an object {place.Subject}.", e)
        : place.Error(StoreErrorKind.ConditionFailed, $"{place.Subject} does not have the expected version.", e);

    private static StoreException OutcomeUnknown(S3Place place, Exception e) =>
        place.Error(StoreErrorKind.OutcomeUnknown, $"The conditional put of {place.Subject} was sent, and the answer does not tell whether it happened. Read the object and compare.", e);
}
