using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>The system calls that the framework does not offer, as Linux has them on 64-bit processors.</summary>
internal static unsafe partial class Libc
{
    public const int CurrentFolder = -100;
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int EmptyPath = 0x1000;
    public const int NoFollowAt = 0x100;
    public const int RemoveFolder = 0x200;
    public const int LockExclusive = 2;
    public const int LockWithoutWaiting = 4;

    private static bool HasArmFlags => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Ppc64le;

    /// <summary>O_DIRECTORY and O_NOFOLLOW are among the few flags whose values differ between processors.</summary>
    public static int FolderOnly => HasArmFlags ? 0x4000 : 0x10000;

    public static int NoFollow => HasArmFlags ? 0x8000 : 0x20000;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int folder, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(SafeFileHandle folder, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolderAt(SafeFileHandle folder, string path, uint mode);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkAt(SafeFileHandle fromFolder, string from, SafeFileHandle toFolder, string to, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt(SafeFileHandle fromFolder, string from, SafeFileHandle toFolder, string to);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(SafeFileHandle folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, FileStatus* status);

    [LibraryImport("libc", EntryPoint = "name_to_handle_at", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int NameToHandleAt(SafeFileHandle folder, string path, FileIdentity* handle, int* mount, int flags);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int FileSystemStatus(SafeFileHandle file, long* status);

    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    public static partial nint OpenEntries(int file);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static partial FolderEntry* ReadEntry(nint entries);

    [LibraryImport("libc", EntryPoint = "closedir")]
    public static partial int CloseEntries(nint entries);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    public static partial int Duplicate(SafeFileHandle file);

    /// <summary>Opens a file or folder; null when that fails, with the error number left behind.</summary>
    public static SafeFileHandle? Open(SafeFileHandle? folder, string path, int flags, uint mode = 0)
    {
        int file;
        do
        {
            file = folder is null ? OpenAt(CurrentFolder, path, flags | CloseOnExec, mode) : OpenAt(folder, path, flags | CloseOnExec, mode);
        }
        while (file < 0 && LastError == Errno.Interrupted);
        return file < 0 ? null : new SafeFileHandle(file, ownsHandle: true);
    }

    /// <summary>The error number of the last call on this thread.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();
}

/// <summary>struct statx of linux/stat.h, as far as it is used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    /// <summary>STATX_BASIC_STATS.</summary>
    public const uint BasicMask = 0x7FF;

    [FieldOffset(16)] public uint Links;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public ulong Size;
    [FieldOffset(112)] public long ModifiedSeconds;
    [FieldOffset(120)] public uint ModifiedNanoseconds;

    public readonly bool IsFile => (Mode & 0xF000) == 0x8000;

    public readonly bool IsFolder => (Mode & 0xF000) == 0x4000;

    public readonly bool IsSymbolicLink => (Mode & 0xF000) == 0xA000;
}

/// <summary>struct file_handle of linux/fcntl.h, with room for MAX_HANDLE_SZ bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FileIdentity
{
    public const int MaxBytes = 128;

    public uint ByteCount;
    public int Type;
    public fixed byte Bytes[MaxBytes];
}

/// <summary>struct dirent64 of linux/dirent.h, which is struct dirent on 64-bit processors.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct FolderEntry
{
    [FieldOffset(18)] public byte Type;
    [FieldOffset(19)] public fixed byte Name[256];

    public const byte UnknownType = 0;
    public const byte FolderType = 4;
    public const byte FileType = 8;
}
