using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Simulation;

/// <summary>The local files of a device, as whole folders: what a dead process left, a backup, an older copy.</summary>
internal static partial class LocalFolder
{
    private const int ReadOnly = 0;

    /// <summary>Copies what a process that dies leaves: all but the files that live only as long as it does.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from).Where(static file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            CopyFile(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Where(static folder => !folder.EndsWith(".locks", StringComparison.Ordinal)))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    /// <summary>Deletes the index, all of which comes from the store.</summary>
    public static void DeleteIndex(string folder)
    {
        foreach (var file in IndexFiles(folder))
            File.Delete(file);
    }

    /// <summary>Puts the index of another copy in the place of this one's.</summary>
    public static void ReplaceIndex(string folder, string other)
    {
        DeleteIndex(folder);
        foreach (var file in IndexFiles(other))
            CopyFile(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    /// <summary>Also while somebody holds it for itself alone: .NET would wait for nobody and fail, so the system is asked.</summary>
    private static void CopyFile(string from, string to)
    {
        using var source = new SafeFileHandle(Open(from, ReadOnly), ownsHandle: true);
        if (source.IsInvalid)
            throw new IOException($"'{from}' cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        using var copy = File.Create(to);
        var buffer = new byte[64 << 10];
        int count;
        for (var at = 0L; (count = RandomAccess.Read(source, buffer, at)) > 0; at += count)
            copy.Write(buffer, 0, count);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    private static IEnumerable<string> IndexFiles(string folder) => Directory.EnumerateFiles(folder, "*.index-*");
}
