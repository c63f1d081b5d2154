namespace Coffer.Stores.Sftp;

/// <summary>What a server says of a file (section 5). Each part may be missing.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Permissions">The mode of POSIX, with the kind of the file.</param>
/// <param name="Modified">When it was last written, in seconds since 1970.</param>
internal readonly record struct SftpAttributes(long? Size, uint? Permissions, uint? Modified)
{
    private const uint HasSize = 0x1;
    private const uint HasOwner = 0x2;
    private const uint HasPermissions = 0x4;
    private const uint HasTimes = 0x8;
    private const uint HasExtended = 0x80000000;

    private const uint KindMask = 0xF000;
    private const uint FileKind = 0x8000;
    private const uint FolderKind = 0x4000;

    public bool IsFile => (Permissions & KindMask) == FileKind;

    public bool IsFolder => (Permissions & KindMask) == FolderKind;

    /// <summary>Whether everything is there that a store needs. Some servers leave parts out of listings.</summary>
    public bool IsComplete => Size is not null && Permissions is not null && Modified is not null;

    public DateTimeOffset? Time => Modified is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public static SftpAttributes Read(ref PacketReader reader)
    {
        var flags = reader.UInt32();
        long? size = null;
        if ((flags & HasSize) != 0)
            size = reader.Int64();
        if ((flags & HasOwner) != 0)
            _ = reader.UInt64();
        uint? permissions = (flags & HasPermissions) != 0 ? reader.UInt32() : null;
        uint? modified = null;
        if ((flags & HasTimes) != 0)
        {
            _ = reader.UInt32();
            modified = reader.UInt32();
        }
        if ((flags & HasExtended) != 0)
        {
            for (var count = reader.UInt32(); count > 0; count--)
            {
                _ = reader.Bytes();
                _ = reader.Bytes();
            }
        }
        return new SftpAttributes(size, permissions, modified);
    }
}
