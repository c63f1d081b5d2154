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
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static SafeFileHandle Open(string path, long length) => File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length);

    private static string TemporaryName(string full, IRandomSource random)
    {
        Span<byte> name = stackalloc byte[8];
        random.Fill(name);
        return Path.Combine(Path.GetDirectoryName(full) ?? "", $".coffer-{Convert.ToHexStringLower(name)}.part");
    }
}
