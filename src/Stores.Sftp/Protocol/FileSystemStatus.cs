namespace Coffer.Stores.Sftp;

/// <summary>What statvfs@openssh.com says of a file system.</summary>
/// <param name="FreeBytes">How many bytes can be written by somebody who is not root.</param>
/// <param name="HasFreeFiles">Whether another file can be made.</param>
/// <param name="IsReadOnly">Whether it is mounted read-only.</param>
internal readonly record struct FileSystemStatus(ulong FreeBytes, bool HasFreeFiles, bool IsReadOnly)
{
    /// <summary>Below this, a write that failed without a reason failed for want of room.</summary>
    private const ulong NearlyNothing = 1 << 20;

    public bool IsFull => FreeBytes < NearlyNothing || !HasFreeFiles;

    public static FileSystemStatus? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new PacketReader(bytes);
            _ = reader.UInt64(); // block size
            var unit = reader.UInt64();
            _ = reader.UInt64(); // blocks
            _ = reader.UInt64(); // free for root
            var free = reader.UInt64();
            var files = reader.UInt64();
            _ = reader.UInt64(); // free for root
            var freeFiles = reader.UInt64();
            _ = reader.UInt64(); // identity
            var flags = reader.UInt64();
            var isCounted = files > 0;
            return new FileSystemStatus(free > ulong.MaxValue / Math.Max(1, unit) ? ulong.MaxValue : free * unit, !isCounted || freeFiles > 0, (flags & 1) != 0);
        }
        catch (MalformedPacketException)
        {
            return null;
        }
    }
}
