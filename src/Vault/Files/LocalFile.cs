using Coffer.Vaults.Bodies;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Vaults.Files;

/// <summary>Writes a body into a local file, which appears whole or not at all.</summary>
internal static class LocalFile
{
    public static async Task WriteAsync(
        string destination, DateTimeOffset modified, BodyReader body, long length, IRandomSource random, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(destination);
        var temporary = TemporaryName(full, random);
        try
        {
            using (var handle = Open(temporary, length))
            {
                await body.CopyToAsync(new FileBodySink(handle), progress, cancellationToken);
                File.SetLastWriteTimeUtc(handle, modified.UtcDateTime);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            // A folder that is not there would be the error of the deletion, with a name that nobody gave.
            if (File.Exists(temporary))
                File.Delete(temporary);
            if (Renamed(e, temporary, full) is { } told)
                throw told;
            throw;
        }
    }

    /// <summary>The error with the name that the caller gave: the temporary one means nothing to anybody. Null when it is not in there.</summary>
    private static Exception? Renamed(Exception error, string temporary, string full)
    {
        if (!error.Message.Contains(temporary, StringComparison.Ordinal))
            return null;
        var text = error.Message.Replace(temporary, full, StringComparison.Ordinal);
        return error switch
        {
            UnauthorizedAccessException => new UnauthorizedAccessException(text, error),
            DirectoryNotFoundException => new DirectoryNotFoundException(text, error),
            PathTooLongException => new PathTooLongException(text, error),
            IOException => new IOException(text, error) { HResult = error.HResult },
            _ => null,
        };
    }

    private static SafeFileHandle Open(string path, long length) => File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length);

    private static string TemporaryName(string full, IRandomSource random)
    {
        Span<byte> name = stackalloc byte[8];
        random.Fill(name);
        return Path.Combine(Path.GetDirectoryName(full) ?? "", $".coffer-{Convert.ToHexStringLower(name)}.part");
    }
}
