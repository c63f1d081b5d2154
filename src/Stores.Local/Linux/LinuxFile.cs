using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Coffer.Stores.Local;

/// <summary>What Linux says of a file.</summary>
internal static unsafe class LinuxFile
{
    /// <summary>The status of a name in a folder, links not followed; null when there is none.</summary>
    public static FileStatus? Status(SafeFileHandle folder, string name) => Status(folder, name, Libc.NoFollowAt);

    /// <summary>The status of an open file.</summary>
    public static FileStatus? Status(SafeFileHandle file) => Status(file, "", Libc.EmptyPath);

    private static FileStatus? Status(SafeFileHandle folder, string name, int flags)
    {
        FileStatus status;
        return Libc.StatX(folder, name, flags, FileStatus.BasicMask, &status) == 0 ? status : null;
    }

    /// <summary>The facts of a file in a folder; null with the error number left behind.</summary>
    public static FileFacts Facts(in FileStatus status, SafeFileHandle folder, string name) => Facts(status, Identity(folder, name, 0) ?? Weak(status));

    /// <summary>The facts of an open file.</summary>
    public static FileFacts Facts(in FileStatus status, SafeFileHandle file) => Facts(status, Identity(file, "", Libc.EmptyPath) ?? Weak(status));

    /// <summary>Whether the file system tells identities, which make versions strong.</summary>
    public static bool HasIdentities(SafeFileHandle folder) => Identity(folder, "", Libc.EmptyPath) is not null;

    /// <summary>
    /// The file handle of name_to_handle_at(2) names a file for the whole life of its file system: unlike an inode number, it is not given
    /// again to another file. An object is never written in place, so a new content is a new file and so a new version. Size and time of the last write are
    /// added for whoever edits a file in place behind our back.
    /// </summary>
    private static FileFacts Facts(in FileStatus status, string identity)
    {
        var version = string.Create(CultureInfo.InvariantCulture, $"{identity}.{status.ModifiedSeconds:x}.{status.ModifiedNanoseconds:x}.{status.Size:x}");
        var modified = DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds).AddTicks(status.ModifiedNanoseconds / 100);
        return new FileFacts((long)status.Size, modified, new ObjectVersion(version));
    }

    private static string Weak(in FileStatus status) => string.Create(CultureInfo.InvariantCulture, $"i{status.Inode:x}");

    private static string? Identity(SafeFileHandle folder, string name, int flags)
    {
        FileIdentity identity;
        identity.ByteCount = FileIdentity.MaxBytes;
        int mount;
        return Libc.NameToHandleAt(folder, name, &identity, &mount, flags) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{identity.Type:x}.{Convert.ToHexStringLower(new ReadOnlySpan<byte>(identity.Bytes, (int)identity.ByteCount))}")
            : null;
    }
}
