using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>What the framework lacks on other systems than Linux: three calls of POSIX, whose arguments are the same everywhere.</summary>
internal static partial class PortableCalls
{
    public const int Exists = 17;
    public const int NotFound = 2;

    /// <summary>Gives a file another name, which must be free. 0, or the error number.</summary>
    public static int Link(string from, string to) => LinkFile(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Waits until the disk has a folder's names, as far as the file system offers that.</summary>
    public static void SyncFolder(string path)
    {
        var file = OpenFile(path, 0);
        if (file < 0)
            return;
        using var folder = new SafeFileHandle(file, ownsHandle: true);
        _ = SyncFile(folder);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(SafeFileHandle file);
}
