using System.Runtime.InteropServices;

namespace Coffer.Vaults.Databases;

/// <summary>Makes it durable that a file is in its folder, which flushing the file alone does not promise (fsync(2)). Windows has no such call, and needs none.</summary>
internal static partial class FolderSync
{
    /// <exception cref="IOException">It could not be done.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            throw Fault(folder);
        try
        {
            if (Fsync(descriptor) < 0)
                throw Fault(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Fault(string folder) => new($"'{folder}' could not be flushed to the disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
