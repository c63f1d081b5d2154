namespace Coffer.Stores.Sftp;

/// <summary>A connection could not be made, or ended. Every request that had no answer fails with it.</summary>
internal sealed class SftpConnectionException(StoreErrorKind kind, string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    public SftpConnectionException(StoreErrorKind kind, string message)
        : this(kind, message, kind == StoreErrorKind.Unavailable)
    {
    }

    public StoreErrorKind Kind => kind;

    public bool IsTransient => isTransient;
}

/// <summary>The server sent bytes that are no SFTP.</summary>
internal sealed class MalformedPacketException(string message) : Exception(message);
