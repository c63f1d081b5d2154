using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>A file under a name of its own, which is removed when nothing came of it.</summary>
internal sealed class PortableTemporaryFile(SafeFileHandle handle, string path) : TemporaryFile
{
    public override SafeFileHandle Handle => handle;

    public override string Path => path;

    public override void Dispose()
    {
        handle.Dispose();
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is swept when it is a day old.
        }
    }
}
