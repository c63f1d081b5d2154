using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>What the kind of a file system tells beforehand (f_type of statfs(2), linux/magic.h).</summary>
internal readonly record struct FileSystemType(bool SharesOurClock, bool FoldsCase)
{
    private const int BytesOfStatus = 256;

    /// <summary>The kind of the file system that a folder is on.</summary>
    public static unsafe FileSystemType Of(SafeFileHandle folder)
    {
        var status = stackalloc long[BytesOfStatus / sizeof(long)];
        if (Libc.FileSystemStatus(folder, status) != 0)
            return new FileSystemType(SharesOurClock: false, FoldsCase: false);
        var type = (uint)status[0];
        var foldsCase = type is 0x4D44 /* FAT */ or 0x2011BAB0 /* exFAT */;
        // Only those that are known to take the time from this machine's kernel: a network file system has its server's.
        var local = foldsCase || type is 0xEF53 /* ext2, ext3, ext4 */ or 0x58465342 /* XFS */ or 0x9123683E /* Btrfs */ or 0x01021994 /* tmpfs */
            or 0x858458F6 /* ramfs */ or 0x794C7630 /* overlayfs */ or 0xF2F52010 /* F2FS */ or 0x2FC12FC1 /* ZFS */ or 0xCA451A4E /* bcachefs */;
        return new FileSystemType(local, foldsCase);
    }
}
