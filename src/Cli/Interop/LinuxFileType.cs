using System.Runtime.InteropServices;

namespace Coffer.Cli.Interop;

/// <summary>What a name stands for on Linux, which the framework does not tell: opening a pipe would wait for ever, and a device has no end.</summary>
internal static unsafe partial class LinuxFileType
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint TypeMask = 1;
    private const int StatusSize = 256;
    private const int ModeOffset = 28;

    /// <summary>What a special file is, in words; null for files, folders and links, and where nothing can be said.</summary>
    public static string? Special(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var status = stackalloc byte[StatusSize];
        if (StatX(CurrentFolder, path, NoFollow, TypeMask, status) != 0)
            return null;
        return (*(ushort*)(status + ModeOffset) & 0xF000) switch
        {
            0x1000 => "a named pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => null,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte* status);
}
