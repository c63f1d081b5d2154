using System.Net.Mime;
using Coffer;
using Coffer.Vaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace TeamFiles;

/// <summary>Lists, uploads and downloads the files of the vault 'team'.</summary>
internal static class FileEndpoints
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    public static void MapFiles(this WebApplication app)
    {
        var files = app.MapGroup("").AddEndpointFilter<VaultErrors>();
        files.MapGet("/list/{**folder}", List);
        files.MapGet("/files/{**path}", DownloadAsync);
        files.MapPut("/files/{**path}", UploadAsync);
    }

    /// <summary>One level of a folder.</summary>
    private static async IAsyncEnumerable<Entry> List(string? folder, [FromKeyedServices("team")] Vault vault)
    {
        // What is sealed to one member is not for everybody who can open this page.
        await foreach (var entry in vault.ListAsync(folder ?? ""))
        {
            if (entry.File?.Seal is null)
                yield return new Entry(entry.Path, entry.IsFolder, entry.File?.Size, entry.File?.Modified, entry.File?.Author.Fingerprint);
        }
    }

    /// <summary>A file, or the part of it that a Range header asks for (RFC 9110, section 14).</summary>
    private static async Task DownloadAsync(string path, HttpContext http, [FromKeyedServices("team")] Vault vault, CancellationToken cancellationToken)
    {
        var file = await vault.StatAsync(path, cancellationToken: cancellationToken) ?? throw new FileNotFoundException();
        var (request, response) = (http.Request.GetTypedHeaders(), http.Response.GetTypedHeaders());
        var range = RangeOf(request.Range, file.Size);
        response.ETag = new EntityTagHeaderValue($"\"{file.Id}\"");
        response.LastModified = file.Modified;
        http.Response.Headers.AcceptRanges = "bytes";
        if (range is { } part)
        {
            if (part.LengthWithin(file.Size) is not { } length)
            {
                http.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.ContentRange = new ContentRangeHeaderValue(file.Size);
                return;
            }
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            response.ContentRange = new ContentRangeHeaderValue(part.Offset, part.Offset + length - 1, file.Size);
        }

        // The version that was looked at is the one that is read, also when somebody writes a new one meanwhile.
        await using var reader = await vault.OpenReadAsync(path, new ReadFileOptions { VersionId = file.Id, Range = range }, cancellationToken);
        http.Response.ContentLength = reader.Content.Length;
        http.Response.ContentType = ContentTypes.TryGetContentType(path, out var type) ? type : MediaTypeNames.Application.Octet;
        // A page that somebody uploaded must not run as if it were a page of this site.
        http.Response.Headers.ContentSecurityPolicy = "sandbox";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await reader.Content.CopyToAsync(http.Response.Body, cancellationToken);
    }

    /// <summary>The body of the request becomes the newest version. It is on the store, and durable, when this answers.</summary>
    private static async Task<IResult> UploadAsync(string path, HttpContext http, [FromKeyedServices("team")] Vault vault, CancellationToken cancellationToken)
    {
        var version = await vault.WriteAsync(path, FileContent.FromStream(http.Request.Body, http.Request.ContentLength), cancellationToken: cancellationToken);
        return Results.Json(new Entry(version.Path, false, version.Size, version.Modified, version.Author.Fingerprint), statusCode: StatusCodes.Status201Created);
    }

    /// <summary>The part that is asked for; null for the whole. More than one part, or another unit, may be answered with the whole.</summary>
    private static ByteRange? RangeOf(RangeHeaderValue? header, long size)
    {
        if (header is not { Unit.Value: "bytes", Ranges.Count: 1 })
            return null;
        var range = header.Ranges.Single();
        return range.From is { } from ? new ByteRange(from, range.To - from + 1)
            : range.To is > 0 and { } last ? new ByteRange(Math.Max(0, size - last))
            : new ByteRange(size);
    }

    /// <summary>A file or folder, as the page gets it.</summary>
    internal sealed record Entry(string Path, bool IsFolder, long? Size, DateTimeOffset? Modified, string? Author);
}
