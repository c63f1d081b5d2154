namespace Coffer.Stores.Sftp;

/// <summary>The requests of the protocol that a store needs, each with its answer taken apart. Several may be started before the first is awaited.</summary>
internal static class SftpRequests
{
    /// <summary>Opens a file. Gives its handle.</summary>
    public static async Task<byte[]> OpenAsync(this SftpConnection connection, string path, OpenFlags flags) =>
        HandleOf(await connection.SendAsync(connection.Request(PacketType.Open).Text(path).UInt32((uint)flags).UInt32(0)), "open", path);

    /// <summary>Opens a folder, to read its names. Gives its handle.</summary>
    public static async Task<byte[]> OpenFolderAsync(this SftpConnection connection, string path) =>
        HandleOf(await connection.SendAsync(connection.Request(PacketType.OpenDir).Text(path)), "open the folder", path);

    public static Task<SftpStatus> CloseAsync(this SftpConnection connection, byte[] handle) => connection.StatusAsync(connection.Request(PacketType.Close).Bytes(handle));

    /// <summary>Reads a part of a file into a buffer, which must stay untouched until the answer has come. Gives how many bytes came; 0 at the end.</summary>
    public static async Task<int> ReadAsync(this SftpConnection connection, byte[] handle, string path, long offset, Memory<byte> destination)
    {
        var request = connection.Request(PacketType.Read).Bytes(handle).UInt64((ulong)offset).UInt32((uint)destination.Length);
        var reply = await connection.SendAsync(request, destination);
        return reply.Type == PacketType.Data ? reply.Body.Length
            : StatusOf(reply) is var status && status.Code == StatusCode.EndOfFile ? 0
            : throw new SftpStatusException(status, "read", path);
    }

    /// <summary>What stands at a path, links not followed; null when there is nothing.</summary>
    public static async Task<SftpAttributes?> LookAsync(this SftpConnection connection, string path) =>
        AttributesOf(await connection.SendAsync(connection.Request(PacketType.LStat).Text(path)), path);

    /// <summary>What a path leads to, links followed; null when there is nothing.</summary>
    public static async Task<SftpAttributes?> FollowAsync(this SftpConnection connection, string path) =>
        AttributesOf(await connection.SendAsync(connection.Request(PacketType.Stat).Text(path)), path);

    /// <summary>What is known of an open file.</summary>
    public static async Task<SftpAttributes> LookAtHandleAsync(this SftpConnection connection, byte[] handle, string path)
    {
        var reply = await connection.SendAsync(connection.Request(PacketType.FStat).Bytes(handle));
        return reply.Type == PacketType.Attributes ? ReadAttributes(reply) : throw new SftpStatusException(StatusOf(reply), "look at", path);
    }

    /// <summary>The next names of an open folder; null at its end.</summary>
    public static async Task<List<SftpName>?> ReadFolderAsync(this SftpConnection connection, byte[] handle, string path)
    {
        var reply = await connection.SendAsync(connection.Request(PacketType.ReadDir).Bytes(handle));
        return reply.Type == PacketType.Name ? TakeApart(reply, SftpName.ReadAll)
            : StatusOf(reply) is var status && status.Code == StatusCode.EndOfFile ? null
            : throw new SftpStatusException(status, "list", path);
    }

    public static Task<SftpStatus> RemoveAsync(this SftpConnection connection, string path) => connection.StatusAsync(connection.Request(PacketType.Remove).Text(path));

    /// <summary>Closes a handle. When that cannot be done the connection is at its end, and the server closes it.</summary>
    public static Task CloseQuietlyAsync(this SftpConnection connection, byte[] handle) => QuietlyAsync(connection.CloseAsync(handle));

    /// <summary>Removes a file if that can be done.</summary>
    public static Task RemoveQuietlyAsync(this SftpConnection connection, string path) => QuietlyAsync(connection.RemoveAsync(path));

    private static async Task QuietlyAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (SftpConnectionException)
        {
            // Whoever waits for an answer on that connection is told.
        }
    }

    public static Task<SftpStatus> MakeFolderAsync(this SftpConnection connection, string path) =>
        connection.StatusAsync(connection.Request(PacketType.MakeDir).Text(path).UInt32(0));

    public static Task<SftpStatus> RemoveFolderAsync(this SftpConnection connection, string path) => connection.StatusAsync(connection.Request(PacketType.RemoveDir).Text(path));

    /// <summary>Gives a file another name besides, by link(2), which fails when the name is taken.</summary>
    public static Task<SftpStatus> HardLinkAsync(this SftpConnection connection, string from, string to) =>
        connection.StatusAsync(connection.Request(PacketType.Extended).Text(Extension.HardLink).Text(from).Text(to));

    /// <summary>Gives a file another name instead, by rename(2), which replaces what has it.</summary>
    public static Task<SftpStatus> PosixRenameAsync(this SftpConnection connection, string from, string to) =>
        connection.StatusAsync(connection.Request(PacketType.Extended).Text(Extension.PosixRename).Text(from).Text(to));

    /// <summary>Waits until the server's disk has what was written.</summary>
    public static Task<SftpStatus> SyncAsync(this SftpConnection connection, byte[] handle) =>
        connection.StatusAsync(connection.Request(PacketType.Extended).Text(Extension.FSync).Bytes(handle));

    /// <summary>
    /// Waits until the server's disk has a folder's names, by opening it as a file, which OpenSSH allows. A server that does not cannot be made to wait, so it is
    /// not asked then.
    /// </summary>
    public static async Task SyncFolderAsync(this SftpConnection connection, string path)
    {
        byte[] handle;
        try
        {
            handle = await connection.OpenAsync(path, OpenFlags.Read);
        }
        catch (SftpStatusException)
        {
            return;
        }
        await Task.WhenAll(connection.SyncAsync(handle), connection.CloseAsync(handle));
    }

    /// <summary>What the server says of the file system; null when it does not say.</summary>
    public static async Task<FileSystemStatus?> FileSystemAsync(this SftpConnection connection, string path)
    {
        if (!connection.Features.Has(Extension.StatVfs))
            return null;
        var reply = await connection.SendAsync(connection.Request(PacketType.Extended).Text(Extension.StatVfs).Text(path));
        return reply.Type == PacketType.ExtendedReply ? FileSystemStatus.Read(reply.Body.Span) : null;
    }

    /// <summary>Takes a STATUS apart.</summary>
    public static SftpStatus StatusOf(Reply reply) => reply.Type == PacketType.Status ? TakeApart(reply, SftpStatus.Read) : throw Unexpected(reply);

    private static async Task<SftpStatus> StatusAsync(this SftpConnection connection, PacketWriter request) => StatusOf(await connection.SendAsync(request));

    private static byte[] HandleOf(Reply reply, string action, string path) => reply.Type == PacketType.Handle
        ? TakeApart(reply, static bytes => new PacketReader(bytes).Bytes().ToArray())
        : throw new SftpStatusException(StatusOf(reply), action, path);

    private static SftpAttributes? AttributesOf(Reply reply, string path) =>
        reply.Type == PacketType.Attributes ? ReadAttributes(reply)
        : StatusOf(reply) is var status && status.IsNotFound ? null
        : throw new SftpStatusException(status, "look at", path);

    private static SftpAttributes ReadAttributes(Reply reply) => TakeApart(reply, static bytes =>
    {
        var reader = new PacketReader(bytes);
        return SftpAttributes.Read(ref reader);
    });

    private delegate T Taking<out T>(ReadOnlySpan<byte> bytes);

    private static T TakeApart<T>(Reply reply, Taking<T> taking)
    {
        try
        {
            return taking(reply.Body.Span);
        }
        catch (MalformedPacketException exception)
        {
            throw Unexpected(reply, exception);
        }
    }

    private static SftpConnectionException Unexpected(Reply reply, MalformedPacketException? exception = null) => new(StoreErrorKind.Unexpected,
        $"The server answered with a packet of the type {(byte)reply.Type} that is no answer to what was asked{(exception is null ? "" : ": " + exception.Message)}.", isTransient: false, exception);
}
