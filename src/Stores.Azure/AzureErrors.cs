using System.Globalization;
using System.Net.Http;
using System.Runtime.ExceptionServices;
using Azure;
using Azure.Identity;

namespace Coffer.Stores.Azure;

/// <summary>What the service's errors mean for a caller.</summary>
internal sealed class AzureErrors(AzureStoreOptions options, string storeName, TimeProvider time)
{
    /// <summary>How far the service lets a request's date be from its own time.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(10);

    public Place PlaceOf(StoreOperation operation, StoreKey? key) => new(operation, key?.Value, storeName);

    /// <summary>The exception to throw instead of one that the SDK threw. Cancellation by the caller stays what it is.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="operation">What was asked.</param>
    /// <param name="key">The object; null when it was about none, or about many.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public Exception From(Exception exception, StoreOperation operation, StoreKey? key, CancellationToken cancellationToken)
    {
        return From(exception, PlaceOf(operation, key), key, cancellationToken);
    }

    private Exception From(Exception exception, Place place, StoreKey? key, CancellationToken cancellationToken)
    {
        var about = key is { } named ? $"'{named}' in '{storeName}'" : $"'{storeName}'";
        switch (exception)
        {
            case StoreException { Operation: not null }:
                return exception;
            case StoreException broken:
                return place.Error(broken.Kind, $"The content of {about} broke off while it was read ({broken.Message}).", broken.InnerException);
            case OperationCanceledException or RequestFailedException { Status: 0 } when cancellationToken.IsCancellationRequested:
                return exception is OperationCanceledException ? exception : new OperationCanceledException(exception.Message, exception, cancellationToken);
            case RequestFailedException { Status: > 0 } answer:
                return FromAnswer(answer, place, about);
            case CredentialUnavailableException or AuthenticationFailedException:
                return place.Error(StoreErrorKind.Unauthenticated,
                    $"No token for {about} could be had from the default credential chain. Sign in ('az login'), set AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret or certificate, "
                    + $"use a managed identity, or give the store a key ({ConnectionString.Variable}). The inner error lists what was tried.", exception);
            case OperationCanceledException or RequestFailedException or HttpRequestException or IOException or AggregateException { InnerException: RequestFailedException or IOException }:
                return FromTransport(exception, place, about);
            default:
                return place.Error(StoreErrorKind.Unexpected, $"Something happened with {about} that this store does not know: {exception.Message}", exception);
        }
    }

    private StoreException FromAnswer(RequestFailedException answer, Place place, string about)
    {
        var (kind, text) = (answer.Status, answer.ErrorCode) switch
        {
            (_, "ContainerNotFound") => (StoreErrorKind.NotFound, options.Create
                ? $"there is no container '{options.Container}'. It is made by the first put"
                : $"there is no container '{options.Container}'. Make it, correct the URL, or write create=true in the URL to have it made by the first put"),
            (404, _) => (StoreErrorKind.NotFound, "there is no such object"),
            (409, "BlobAlreadyExists") => (StoreErrorKind.AlreadyExists, "it exists already"),
            (304 or 412, null or "" or "ConditionNotMet" or "TargetConditionNotMet") => (StoreErrorKind.ConditionFailed, place.Operation == StoreOperation.Read
                ? "it still has the version that the caller knows" : "it does not have the version that the put depends on"),
            (416, _) => (StoreErrorKind.RangeNotSatisfiable, "the range begins at or behind its end"),
            (_, "AuthenticationFailed" or "InvalidAuthenticationInfo" or "NoAuthenticationInformation" or "KeyBasedAuthenticationNotPermitted") or (401, _) => (StoreErrorKind.Unauthenticated, Denied(answer)),
            (_, "LeaseIdMissing" or "LeaseIdMismatchWithBlobOperation" or "LeaseIdMismatchWithContainerOperation") =>
                (StoreErrorKind.PermissionDenied, "somebody holds a lease on it, which forbids others to change it. Wait until the lease ends, or break it"),
            (_, "BlobImmutableDueToPolicy" or "BlobImmutable") => (StoreErrorKind.PermissionDenied, "a policy of the container keeps its blobs from being changed or deleted"),
            (_, "SnapshotsPresent") => (StoreErrorKind.PermissionDenied, "it has snapshots, which this store does not delete. Delete them first"),
            (_, "BlobArchived" or "BlobBeingRehydrated") => (StoreErrorKind.PermissionDenied, "it lies in the archive tier, where nothing can be read. Move it to another tier and wait until it is there"),
            (403, _) or (_, "PublicAccessNotPermitted" or "AccountIsDisabled") => (StoreErrorKind.PermissionDenied,
                "the credentials do not allow this. A token needs the role 'Storage Blob Data Contributor', a SAS the permissions for it, an emulator its own account key, and the account's firewall must let this machine in"),
            (_, "ServerBusy") or (429, _) => (StoreErrorKind.RateLimited, "the service asks to slow down"),
            (_, "ContainerBeingDeleted") => (StoreErrorKind.Unavailable, $"the container '{options.Container}' is being deleted. It can be made again when that has ended, after half a minute or more"),
            (_, "AccountBeingCreated" or "ContainerDisabled") => (StoreErrorKind.Unavailable, "the account or the container is not ready"),
            (_, "InvalidBlockList" or "InvalidBlobOrBlock") when place.Operation == StoreOperation.Put => (StoreErrorKind.Unavailable, "somebody else put it meanwhile, which discards the blocks of everybody. Put it again"),
            (507, _) => (StoreErrorKind.QuotaExceeded, "the account is full"),
            (413, _) => (StoreErrorKind.Unsupported, "the body is larger than the service takes"),
            (_, "InvalidResourceName" or "InvalidUri" or "OutOfRangeInput") when place.Key is not null => (StoreErrorKind.InvalidKey, "the service does not take this name"),
            (408 or >= 500, _) => (StoreErrorKind.Unavailable, "the service is not well"),
            _ => (StoreErrorKind.Unexpected, "the service gave an answer that this store does not know"),
        };
        return Error(kind, text, answer, place, about);
    }

    private static StoreException Error(StoreErrorKind kind, string text, RequestFailedException answer, Place place, string about)
    {
        var code = string.IsNullOrEmpty(answer.ErrorCode) ? "" : $" {answer.ErrorCode}";
        var message = $"{place.Operation} of {about}: {text} (HTTP {answer.Status.ToString(CultureInfo.InvariantCulture)}{code}).";
        return new StoreException(kind, message, answer)
        {
            Operation = place.Operation,
            Key = place.Key,
            StoreName = place.StoreName,
            HadNoEffect = place.IsBeforeEffect,
            RetryAfter = kind is StoreErrorKind.RateLimited or StoreErrorKind.Unavailable ? RetryAfter(answer) : null,
        };
    }

    private string Denied(RequestFailedException answer)
    {
        if (answer.GetRawResponse()?.Headers.Date is { } theirs && (time.GetUtcNow() - theirs).Duration() is var skew && skew > MostSkew)
        {
            return $"this machine's clock says {time.GetUtcNow():u} and the service's {theirs:u}, a difference of {(int)skew.TotalMinutes} minutes; requests with a wrong time are refused. Set the clock";
        }
        if (answer.ErrorCode == "KeyBasedAuthenticationNotPermitted")
            return "the account takes no account key. Use the default credential chain";
        return options switch
        {
            { AccountKey: not null } => "the account key is wrong. Copy it again from the access keys of the storage account; it may have been renewed",
            { Sas: not null } => "the SAS is wrong or out of date. Get a new one",
            _ => "the token was refused. Check that it is for the tenant of this storage account",
        };
    }

    private static TimeSpan? RetryAfter(RequestFailedException answer)
    {
        var headers = answer.GetRawResponse()?.Headers;
        if (headers is null)
            return null;
        foreach (var name in (string[])["retry-after-ms", "x-ms-retry-after-ms"])
        {
            if (headers.Value.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
                return TimeSpan.FromMilliseconds(Math.Min(milliseconds, (long)TimeSpan.FromDays(1).TotalMilliseconds));
        }
        if (!headers.Value.TryGetValue("Retry-After", out var after))
            return null;
        if (long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
        return DateTimeOffset.TryParse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && headers.Value.Date is { } now && at > now ? at - now : null;
    }

    private StoreException FromTransport(Exception exception, Place place, string about)
    {
        var http = exception as HttpRequestException ?? exception.InnerException as HttpRequestException ?? exception.InnerException?.InnerException as HttpRequestException;
        var host = (options.Endpoint ?? BlobNames.PublicCloud(options.Account)).Authority;
        // .NET has no error of its own for ConnectTimeout: it tells it as a cancellation because of a timeout. The limit of a whole request is the only other one told so, and there is none here.
        var late = (exception as OperationCanceledException ?? exception.InnerException as OperationCanceledException)?.InnerException as TimeoutException;
        var fault = late is null ? http?.HttpRequestError : HttpRequestError.ConnectionError;
        var text = fault switch
        {
            HttpRequestError.NameResolutionError => $"the host '{host}' is not known. Check the account, the endpoint and the network",
            HttpRequestError.ConnectionError => $"'{host}' was not reached. Check that it is up, the endpoint and the network",
            HttpRequestError.SecureConnectionError => $"no encrypted connection to '{host}' could be made. Check its certificate, or whether the endpoint is http",
            HttpRequestError.ProxyTunnelError => "the proxy did not let the connection through",
            _ => $"the connection to '{host}' broke off",
        };
        // A connection in use that breaks is none of these, even when it stood in the pool.
        var wasNeverSent = fault is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
        place = place with { IsBeforeEffect = place.IsBeforeEffect || wasNeverSent };
        return place.Error(StoreErrorKind.Unavailable, $"{place.Operation} of {about}: {text} ({(late ?? exception).Message}).", exception);
    }

    /// <summary>The exception for what kept a put from being sent, such as that its container could not be made.</summary>
    public Exception BeforePut(Exception exception, StoreKey key, CancellationToken cancellationToken) =>
        From(exception, PlaceOf(StoreOperation.Put, key) with { IsBeforeEffect = true }, key, cancellationToken);

    /// <summary>
    /// The exception for a put. Where its condition may have been tried and the answer is lost, nobody knows whether it happened.
    /// </summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="key">The object.</param>
    /// <param name="condition">The put's condition.</param>
    /// <param name="body">The body that was sent.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public Exception FromPut(Exception exception, StoreKey key, PutConditionKind condition, RequestBody body, CancellationToken cancellationToken)
    {
        if (body.SourceFault is { } fault)
            return fault;
        if (exception is RequestFailedException { Status: 409 or 412 } refused && condition == PutConditionKind.IfAbsent && refused.ErrorCode is "BlobAlreadyExists" or "ConditionNotMet")
            return Error(StoreErrorKind.AlreadyExists, "it exists already", refused, PlaceOf(StoreOperation.Put, key), $"'{key}' in '{storeName}'");
        if (exception is RequestFailedException { Status: 404, ErrorCode: "BlobNotFound" } missing && condition == PutConditionKind.IfMatch)
            return Error(StoreErrorKind.ConditionFailed, "there is no object that could have the version that the put depends on", missing, PlaceOf(StoreOperation.Put, key), $"'{key}' in '{storeName}'");
        // A body that was not given away to its end is no whole object.
        var hadNoEffect = !body.IsSent || IsVerdict(exception);
        var error = From(exception, PlaceOf(StoreOperation.Put, key) with { IsBeforeEffect = hadNoEffect }, key, cancellationToken);
        if (condition == PutConditionKind.Any || hadNoEffect || error is not StoreException { Kind: StoreErrorKind.Unavailable or StoreErrorKind.Unexpected } unknown)
            return error;
        return PlaceOf(StoreOperation.Put, key).Error(StoreErrorKind.OutcomeUnknown,
            $"The conditional put of '{key}' was sent, and its answer was lost: it may have happened or not. Read the object and compare. {unknown.Message}", exception);
    }

    /// <summary>An answer of the service that says that nothing happened.</summary>
    private static bool IsVerdict(Exception exception) => exception is RequestFailedException { Status: > 0 and < 500 and not 408, ErrorCode: not "OperationTimedOut" };

    /// <summary>Throws an exception with the stack that it came with.</summary>
    public static void Throw(Exception exception) => ExceptionDispatchInfo.Throw(exception);
}
