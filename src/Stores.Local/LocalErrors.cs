namespace Coffer.Stores.Local;

/// <summary>What the file system's errors mean for a caller.</summary>
internal static class LocalErrors
{
    /// <summary>The error for a failed system call.</summary>
    /// <param name="errno">The number that the call left, of Linux.</param>
    /// <param name="action">What failed, as in "write the file".</param>
    /// <param name="path">The file or folder that it was about.</param>
    /// <param name="place">The operation that it was for.</param>
    public static StoreException FromErrno(int errno, string action, string path, Place place)
    {
        var (kind, remedy) = errno switch
        {
            Errno.NoSpace or Errno.QuotaExceeded or Errno.FileTooBig => (StoreErrorKind.QuotaExceeded, "the disk or the quota is full. Make room, or give the store another folder"),
            Errno.AccessDenied or Errno.NotPermitted => (StoreErrorKind.PermissionDenied, "access is denied. Check who owns the folder and its permissions"),
            Errno.ReadOnlyFileSystem => (StoreErrorKind.PermissionDenied, "the file system is mounted read-only. Mount it for writing, or give the store another folder"),
            Errno.NameTooLong => (StoreErrorKind.InvalidKey, "the name is longer than this file system allows. Use a shorter key"),
            Errno.InvalidSequence => (StoreErrorKind.InvalidKey, "this file system does not take the name as it is. Use another key"),
            Errno.NotFolder or Errno.IsFolder or Errno.SymbolicLink => (StoreErrorKind.InvalidKey, "a file, a folder or a symbolic link is in the way. Choose another name"),
            Errno.NotFound => (StoreErrorKind.NotFound, "there is no such file or folder"),
            Errno.TooManyOpenFiles or Errno.TooManyOpenFilesInSystem => (StoreErrorKind.Unavailable, "too many files are open. Do fewer things at a time, or raise the limit (ulimit -n)"),
            Errno.InputOutput or Errno.StaleHandle or Errno.NoDevice or Errno.NoDeviceOrAddress or Errno.TimedOut or Errno.Again or Errno.NoMemory =>
                (StoreErrorKind.Unavailable, "the disk or its server is not well. Check it, then try again"),
            _ => (StoreErrorKind.Unexpected, "the system gave an error that this store does not know"),
        };
        return place.Error(kind, $"Cannot {action} '{path}': {remedy} (errno {errno}: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno)}).");
    }

    /// <summary>The error for an exception of the framework's file functions.</summary>
    public static StoreException FromException(Exception exception, string action, string path, Place place)
    {
        if (exception is StoreException known)
            return known;
        if (exception is IOException { HResult: > 0 and < 4096 } io && OperatingSystem.IsLinux())
            return FromErrno(io.HResult, action, path, place);
        var (kind, remedy) = exception switch
        {
            UnauthorizedAccessException => (StoreErrorKind.PermissionDenied, "access is denied. Check who owns the folder and its permissions"),
            FileNotFoundException or DirectoryNotFoundException => (StoreErrorKind.NotFound, "there is no such file or folder"),
            PathTooLongException => (StoreErrorKind.InvalidKey, "the path is longer than this file system allows. Use a shorter key"),
            IOException { HResult: WindowsErrors.DiskFull or WindowsErrors.HandleDiskFull or WindowsErrors.QuotaExceeded } =>
                (StoreErrorKind.QuotaExceeded, "the disk or the quota is full. Make room, or give the store another folder"),
            IOException { HResult: WindowsErrors.WriteProtected } => (StoreErrorKind.PermissionDenied, "the disk is write-protected"),
            IOException => (StoreErrorKind.Unavailable, "the disk or its server is not well. Check it, then try again"),
            _ => (StoreErrorKind.Unexpected, "something happened that this store does not know"),
        };
        return place.Error(kind, $"Cannot {action} '{path}': {remedy} ({exception.Message}).", exception);
    }

    public static StoreException InvalidKey(StoreKey key, StoreOperation operation, string storeName, string fault) =>
        new(StoreErrorKind.InvalidKey, $"'{key}' cannot be kept in '{storeName}': {fault}.") { Operation = operation, Key = key.Value, StoreName = storeName };

    private static class WindowsErrors
    {
        public const int WriteProtected = unchecked((int)0x80070013);
        public const int HandleDiskFull = unchecked((int)0x80070027);
        public const int DiskFull = unchecked((int)0x80070070);
        public const int QuotaExceeded = unchecked((int)0x8007050F);
    }
}

/// <summary>Where something went wrong: what an error carries besides its kind and message.</summary>
internal readonly record struct Place(StoreOperation Operation, string? Key, string StoreName)
{
    /// <summary>Whether what goes wrong here has certainly no effect, such as before anything was sent.</summary>
    public bool IsBeforeEffect { get; init; }

    public StoreException Error(StoreErrorKind kind, string message, Exception? inner = null) =>
        new(kind, message, inner) { Operation = Operation, Key = Key, StoreName = StoreName, HadNoEffect = IsBeforeEffect };
}
