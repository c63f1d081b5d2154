namespace Coffer.Stores.Sftp;

/// <summary>The packets of SFTP version 3 (draft-ietf-secsh-filexfer-02, section 3).</summary>
internal enum PacketType : byte
{
    Init = 1,
    Version = 2,
    Open = 3,
    Close = 4,
    Read = 5,
    Write = 6,
    LStat = 7,
    FStat = 8,
    OpenDir = 11,
    ReadDir = 12,
    Remove = 13,
    MakeDir = 14,
    RemoveDir = 15,
    Stat = 17,
    Status = 101,
    Handle = 102,
    Data = 103,
    Name = 104,
    Attributes = 105,
    Extended = 200,
    ExtendedReply = 201,
}

/// <summary>How to open a file (section 6.3).</summary>
[Flags]
internal enum OpenFlags : uint
{
    Read = 0x01,
    Write = 0x02,
    Create = 0x08,
    Exclusive = 0x20,
}

/// <summary>The extensions of OpenSSH that this client knows, as the file PROTOCOL of OpenSSH describes them.</summary>
internal static class Extension
{
    public const string PosixRename = "posix-rename@openssh.com";
    public const string HardLink = "hardlink@openssh.com";
    public const string FSync = "fsync@openssh.com";
    public const string Limits = "limits@openssh.com";
    public const string StatVfs = "statvfs@openssh.com";
}
