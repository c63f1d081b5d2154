namespace Coffer.Stores.Sftp;

/// <summary>The codes of a STATUS (section 7). Those above 8 are of later versions; some servers send them to clients of version 3 all the same.</summary>
internal enum StatusCode : uint
{
    Ok = 0,
    EndOfFile = 1,
    NoSuchFile = 2,
    PermissionDenied = 3,
    Failure = 4,
    BadMessage = 5,
    NoConnection = 6,
    ConnectionLost = 7,
    Unsupported = 8,
    NoSuchPath = 10,
    AlreadyExists = 11,
    WriteProtected = 12,
    NoSpace = 14,
    QuotaExceeded = 15,
}

/// <summary>What a server says of a request.</summary>
/// <param name="Code">One of the codes, or one that nobody knows.</param>
/// <param name="Message">The server's own words, for people.</param>
internal readonly record struct SftpStatus(StatusCode Code, string Message)
{
    public bool IsOk => Code == StatusCode.Ok;

    public bool IsNotFound => Code is StatusCode.NoSuchFile or StatusCode.NoSuchPath;

    /// <summary>Reads a STATUS, behind its id. Its text and language came with version 3; some servers of that version leave them out.</summary>
    public static SftpStatus Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new PacketReader(bytes);
        var code = (StatusCode)reader.UInt32();
        return new SftpStatus(code, reader.IsAtEnd ? "" : OneLine.Of(reader.Text()));
    }
}

/// <summary>A server refused a request.</summary>
/// <param name="status">What it said.</param>
/// <param name="action">What was asked, as in "write the file".</param>
/// <param name="path">The path on the server that it was about.</param>
internal sealed class SftpStatusException(SftpStatus status, string action, string path) : Exception($"{action} '{path}': {status.Message} ({(uint)status.Code})")
{
    public SftpStatus Status => status;

    public string Action => action;

    public string Path => path;

    /// <summary>What the server said of its file system, when it was asked right then, because the refusal has no reason.</summary>
    public FileSystemStatus? Disk { get; set; }
}
