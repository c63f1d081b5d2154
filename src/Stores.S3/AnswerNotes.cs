using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3.Model;

namespace Coffer.Stores.S3;

/// <summary>
/// A step of the SDK's pipeline that keeps of an answer what the SDK drops, and keeps the SDK from hashing a content by itself: it does so with MD5 for every
/// whole object, which halves the throughput, and fails when an etag is no MD5, as it need not be.
/// </summary>
internal sealed class AnswerNotes : PipelineHandler
{
    private const string Date = "Date";
    private const string ETag = "ETag";

    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var result = await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
        var response = executionContext.ResponseContext;
        if (response.Response is { } answer && response.HttpResponse is { } http)
        {
            answer.ResponseMetadata ??= new ResponseMetadata();
            if (http.IsHeaderPresent(Date))
                answer.ResponseMetadata.Metadata[Date] = http.GetHeaderValue(Date);
            if (answer is GetObjectResponse content)
            {
                answer.ResponseMetadata.Metadata[ETag] = content.ETag ?? "";
                content.ETag = null;
            }
        }
        return result;
    }

    /// <summary>The server's own time when it answered; null when it did not tell.</summary>
    public static DateTimeOffset? TimeOf(AmazonWebServiceResponse answer) =>
        answer.ResponseMetadata is { } notes && notes.Metadata.TryGetValue(Date, out var text)
            && DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>The etag of a content.</summary>
    public static string? ETagOf(GetObjectResponse answer) => answer.ResponseMetadata?.Metadata.TryGetValue(ETag, out var text) == true ? text : answer.ETag;
}
