using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace Coffer.Stores.S3;

/// <summary>What the errors of S3 servers, of the SDK and of the network mean for a caller.</summary>
internal static partial class S3Errors
{
    /// <summary>What the SDK's errors have instead of a status when there was no answer.</summary>
    private const HttpStatusCode NoStatus = default;

    /// <summary>The error for an exception of the SDK. Cancellation by the caller stays what it is.</summary>
    public static Exception From(Exception exception, S3Place place, CancellationToken cancellationToken)
    {
        if (exception is StoreException)
            return exception;
        if (cancellationToken.IsCancellationRequested)
            return exception as OperationCanceledException ?? new OperationCanceledException("The operation was cancelled.", exception, cancellationToken);
        return exception is AmazonServiceException { StatusCode: not NoStatus } answer ? FromAnswer(answer, place)
            : WithoutAnswer(exception, place with { IsBeforeEffect = place.IsBeforeEffect || WasNeverSent(exception) });
    }

    /// <summary>
    /// The error for what kept a request from being sent, such as that its bucket could not be looked for. What was asked instead may itself have had any outcome; the
    /// request had no effect.
    /// </summary>
    public static Exception Before(Exception exception, S3Place place, CancellationToken cancellationToken)
    {
        place = place with { IsBeforeEffect = true };
        return exception is not StoreException error ? From(exception, place, cancellationToken)
            : place.Error(error.Kind == StoreErrorKind.OutcomeUnknown ? StoreErrorKind.Unavailable : error.Kind, error.Message, error, error.RetryAfter);
    }

    /// <summary>Whether the server answered at all.</summary>
    public static bool HasAnswer(Exception exception) => exception is AmazonServiceException { StatusCode: not NoStatus };

    /// <summary>Whether the bucket is missing, as far as the answer tells; an answer without content does not.</summary>
    public static bool IsNoBucket(Exception exception) => exception is AmazonServiceException { ErrorCode: "NoSuchBucket" };

    /// <summary>Whether the answer to a HEAD leaves open what exactly is wrong.</summary>
    public static bool IsWithoutReason(Exception exception) =>
        exception is AmazonServiceException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest or HttpStatusCode.MovedPermanently };

    /// <summary>Ceph 16 answers so to who lost a race of conditional puts (its ECANCELED has no code of S3); its own trouble is InternalError.</summary>
    public static bool IsLostRaceOnCeph(Exception exception) => exception is AmazonServiceException { StatusCode: HttpStatusCode.InternalServerError, ErrorCode: "UnknownError" };

    /// <summary>Whether an upload in parts is not there any more.</summary>
    public static bool IsGone(Exception exception) => exception is AmazonServiceException { ErrorCode: "NoSuchUpload" };

    /// <summary>Whether the server answered with this status.</summary>
    public static bool Is(Exception exception, HttpStatusCode status) => exception is AmazonServiceException answer && answer.StatusCode == status;

    /// <summary>Whether no byte of the request can have reached the server.</summary>
    public static bool WasNeverSent(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }
        || IsAboutCredentials(exception);

    /// <summary>Whether there was no answer, or one that does not tell whether the request was carried out.</summary>
    public static bool LeavesOpen(Exception exception) => exception is not StoreException && (exception is not AmazonServiceException { StatusCode: not NoStatus } answer
        || answer.StatusCode >= HttpStatusCode.InternalServerError && !IsRefusalOfRate(answer) && answer.StatusCode != HttpStatusCode.NotImplemented && answer.StatusCode != HttpStatusCode.InsufficientStorage);

    /// <summary>A 503 with S3's own code comes from S3 itself, which did nothing then; another one may come from something on the way.</summary>
    private static bool IsRefusalOfRate(AmazonServiceException answer) => answer.ErrorCode is "SlowDown" or "ServiceUnavailable" or "RequestLimitExceeded" or "TooManyRequests" or "SlowDownWrite"
        or "SlowDownRead" or "BandwidthLimitExceeded" or "Throttling" or "ThrottlingException";

    private static StoreException FromAnswer(AmazonServiceException answer, S3Place place)
    {
        var (kind, text) = Meaning(answer, place);
        return place.Error(kind, $"{text} ({Details(answer)}).", answer, kind is StoreErrorKind.RateLimited or StoreErrorKind.Unavailable ? RetryAfter(answer, place.Options.Time) : null);
    }

    private static (StoreErrorKind Kind, string Text) Meaning(AmazonServiceException answer, S3Place place)
    {
        var (bucket, subject) = (place.Options.Bucket, place.Subject);
        switch (answer.ErrorCode)
        {
            case "NoSuchBucket":
                return (StoreErrorKind.NotFound, $"There is no bucket '{bucket}' for '{place.StoreName}'. Make it, correct the URL, or let it be made by adding create=true to the URL");
            case "InvalidBucketName":
                return (StoreErrorKind.NotFound, $"The server takes no bucket of the name '{bucket}'. Correct the URL");
            case "InvalidAccessKeyId":
                return (StoreErrorKind.Unauthenticated, $"The server does not know the access key that was used for '{place.StoreName}'. Check accessKeyId, AWS_ACCESS_KEY_ID or the profile");
            case "SignatureDoesNotMatch":
                return (StoreErrorKind.Unauthenticated, $"The secret access key that was used for '{place.StoreName}' does not belong to the access key. Check secretAccessKey, AWS_SECRET_ACCESS_KEY or the profile");
            case "ExpiredToken" or "TokenRefreshRequired" or "InvalidToken" or "InvalidClientTokenId" or "RequestExpired" or "CredentialsExpired":
                return (StoreErrorKind.Unauthenticated, $"The session token that was used for '{place.StoreName}' is out of date or wrong. Log in again (for example 'aws sso login')");
            case "RequestTimeTooSkewed":
                return (StoreErrorKind.Unauthenticated, $"The clock of this machine is wrong: it differs from that of the server of '{place.StoreName}' by more than 15 minutes. Set the clock");
            case "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IncorrectEndpoint" or "IllegalLocationConstraintException":
                return WrongRegion(answer, place);
            case "QuotaExceeded" or "InsufficientStorage" or "XMinioStorageFull" or "XMinioAdminBucketQuotaExceeded" or "StorageFull" or "TooManyBuckets" or "UserSuspended.Quota":
                return (StoreErrorKind.QuotaExceeded, $"The bucket '{bucket}', its account or the disks of its server are full. Make room or raise the quota");
            case "EntityTooLarge" or "MaxSizeExceeded":
                return (StoreErrorKind.QuotaExceeded, $"The body of {subject} is larger than the server takes in one request");
            case "KeyTooLongError" or "KeyTooLong" or "XMinioInvalidObjectName" or "InvalidObjectName" or "InvalidURI":
                return (StoreErrorKind.InvalidKey, $"The server cannot keep {subject} under this name. Use another key");
            case "NoSuchUpload":
                return (StoreErrorKind.Unavailable, $"The upload of {subject} in parts was ended by somebody else, such as a rule that removes unfinished uploads");
            case "MissingContentMD5":
                return (StoreErrorKind.Unsupported, $"The server of '{place.StoreName}' wants a Content-MD5, which is not sent");
            case "RequestTimeout" or "IncompleteBody" or "BadDigest" or "XAmzContentSHA256Mismatch" or "InvalidDigest":
                return (StoreErrorKind.Unavailable, $"A body was damaged or broke off on its way to {subject}");
            default:
                return IsRefusalOfRate(answer) ? (StoreErrorKind.RateLimited, $"The server of '{place.StoreName}' asks to slow down") : MeaningOfStatus(answer.StatusCode, place);
        }
    }

    private static (StoreErrorKind Kind, string Text) MeaningOfStatus(HttpStatusCode status, S3Place place) => status switch
    {
        HttpStatusCode.NotFound => (StoreErrorKind.NotFound, $"There is no {place.Subject}"),
        HttpStatusCode.Unauthorized => (StoreErrorKind.Unauthenticated, $"The server of '{place.StoreName}' does not know who is asking. Check the credentials"),
        HttpStatusCode.Forbidden => (StoreErrorKind.PermissionDenied, $"Access to {place.Subject} is denied. Check what the credentials allow"),
        HttpStatusCode.PreconditionFailed or HttpStatusCode.NotModified => (StoreErrorKind.ConditionFailed, $"The condition on the version of {place.Subject} does not hold"),
        HttpStatusCode.RequestedRangeNotSatisfiable => (StoreErrorKind.RangeNotSatisfiable, $"The range begins at or behind the end of {place.Subject}"),
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => (StoreErrorKind.RateLimited, $"The server of '{place.StoreName}' asks to slow down"),
        HttpStatusCode.InsufficientStorage => (StoreErrorKind.QuotaExceeded, $"The server of '{place.StoreName}' is full"),
        HttpStatusCode.RequestEntityTooLarge => (StoreErrorKind.QuotaExceeded, $"The body of {place.Subject} is larger than the server takes"),
        HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed => (StoreErrorKind.Unsupported, $"The server of '{place.StoreName}' does not know this request"),
        HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => (StoreErrorKind.NotFound, $"The bucket '{place.Options.Bucket}' is somewhere else. Name its region and its endpoint in the URL"),
        HttpStatusCode.RequestTimeout => (StoreErrorKind.Unavailable, $"The server waited too long for the body of {place.Subject}"),
        HttpStatusCode.Conflict => (StoreErrorKind.RateLimited, $"The server refused {place.Subject} because of another request that is going on. Nothing happened"),
        >= HttpStatusCode.InternalServerError => (StoreErrorKind.Unavailable, $"The server of '{place.StoreName}' is not well"),
        _ => (StoreErrorKind.Unexpected, $"The server refused the request for {place.Subject}"),
    };

    private static (StoreErrorKind Kind, string Text) WrongRegion(AmazonServiceException answer, S3Place place)
    {
        var region = Header(answer, "x-amz-bucket-region") ?? Match(ExpectedRegion(), answer.Message);
        var remedy = region is null ? "Name its region in the URL: region=..." : $"Write region={region} in the URL";
        return (StoreErrorKind.NotFound, $"The bucket '{place.Options.Bucket}' is not in the region '{place.Options.Region ?? "of the environment"}'{(region is null ? "" : $" but in '{region}'")}. {remedy}");
    }

    private static StoreException WithoutAnswer(Exception exception, S3Place place)
    {
        var address = place.Options.Endpoint?.GetLeftPart(UriPartial.Authority) ?? "Amazon S3";
        if (IsAboutCredentials(exception))
        {
            return place.Error(StoreErrorKind.Unauthenticated, $"No credentials were found for '{place.StoreName}'. Give accessKeyId and secretAccessKey as settings, name a profile, "
                + $"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in ({FirstSentence(exception.Message)}).", exception);
        }
        if (Cause<AuthenticationException>(exception) is { } untrusted)
            return place.Error(StoreErrorKind.Unexpected, $"No safe connection to {address} for '{place.StoreName}': {FirstLine(untrusted.Message)} Check the server's certificate, and http or https.", exception);
        if (exception is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError })
            return place.Error(StoreErrorKind.Unavailable, $"The host of {address} for '{place.StoreName}' was not found. Check the endpoint, the region and the network ({FirstLine(exception.Message)}).", exception);
        if (WasNeverSent(exception))
            return place.Error(StoreErrorKind.Unavailable, $"The server {address} of '{place.StoreName}' cannot be reached. Check that it runs, and the endpoint ({FirstLine(exception.Message)}).", exception);
        if (exception is AmazonUnmarshallingException)
            return place.Error(StoreErrorKind.Unexpected, $"What {address} answered for {place.Subject} is no answer of S3. Check the endpoint ({FirstLine(exception.Message)}).", exception);
        if (exception is HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException)
            return place.Error(StoreErrorKind.Unavailable, $"The connection to {address} broke off during a request for {place.Subject} ({FirstLine(exception.Message)}).", exception);
        return place.Error(StoreErrorKind.Unexpected, $"A request for {place.Subject} failed in a way that this store does not know ({FirstLine(exception.Message)}).", exception);
    }

    /// <summary>The SDK has no type of its own for it; what it throws before a request is sent names them.</summary>
    private static bool IsAboutCredentials(Exception exception) =>
        exception is (AmazonClientException or ArgumentException or InvalidOperationException) and not AmazonServiceException { StatusCode: not NoStatus } and not AmazonUnmarshallingException
            && (exception.Message.Contains("credential", StringComparison.OrdinalIgnoreCase) || exception.Message.Contains("profile", StringComparison.OrdinalIgnoreCase));

    private static string Details(AmazonServiceException answer) =>
        $"HTTP {(int)answer.StatusCode}{(answer.ErrorCode is { Length: > 0 } code ? " " + code : "")}{(answer.RequestId is { Length: > 0 } id ? ", request " + id : "")}";

    /// <summary>RFC 9110, section 10.2.3: seconds or a date.</summary>
    private static TimeSpan? RetryAfter(AmazonServiceException answer, TimeProvider time)
    {
        if (Header(answer, "Retry-After") is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) && date - time.GetUtcNow() is { Ticks: > 0 } wait ? wait : null;
    }

    private static string? Header(AmazonServiceException answer, string name) =>
        Cause<Amazon.Runtime.Internal.HttpErrorResponseException>(answer)?.Response is { } response && response.IsHeaderPresent(name) ? response.GetHeaderValue(name) : null;

    private static T? Cause<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
            exception = exception.InnerException;
        return (T?)exception;
    }

    private static string? Match(Regex pattern, string? text) => text is not null && pattern.Match(text) is { Success: true } match ? match.Groups["region"].Value : null;

    private static string FirstLine(string text) => text.AsSpan().Trim().IndexOfAny('\r', '\n') is >= 0 and var end ? text.Trim()[..end] : text.Trim();

    /// <summary>The SDK lists what it tried on the lines after a sentence that announces them.</summary>
    private static string FirstSentence(string text) => FirstLine(text) is var line && line.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? line[..end] : line.TrimEnd('.', ':');

    [GeneratedRegex("expecting '(?<region>[a-z0-9-]{1,64})'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExpectedRegion();
}
