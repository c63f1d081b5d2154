namespace Coffer.Stores.Sftp;

/// <summary>What goes wrong below means for a caller. The one place where a <see cref="StoreException"/> is made of it.</summary>
internal static class SftpErrors
{
    /// <summary>The error for a connection that could not be made or was lost.</summary>
    public static StoreException From(SftpConnectionException exception, Place place) =>
        new(exception.Kind, exception.Message, exception) { Operation = place.Operation, Key = place.Key, StoreName = place.StoreName, IsTransient = exception.IsTransient, HadNoEffect = place.IsBeforeEffect };

    /// <summary>The error for a create-only put whose answer was lost.</summary>
    public static StoreException OutcomeUnknown(SftpConnectionException exception, Place place) => place.Error(StoreErrorKind.OutcomeUnknown,
        $"Whether '{place.Key}' was created is not known, because the answer was lost: read it and compare. {exception.Message}", exception);

    /// <summary>The error for what a server refused.</summary>
    /// <param name="exception">What it said.</param>
    /// <param name="place">The operation that it was for.</param>
    /// <param name="disk">What the server says of its file system, where it was asked because the refusal has no reason.</param>
    public static StoreException From(SftpStatusException exception, Place place, FileSystemStatus? disk = null)
    {
        disk ??= exception.Disk;
        var (kind, remedy) = exception.Status.Code switch
        {
            _ when disk is { IsReadOnly: true } => (StoreErrorKind.PermissionDenied, "the file system is mounted read-only there. Mount it for writing, or give the store another folder"),
            _ when disk is { IsFull: true } => (StoreErrorKind.QuotaExceeded, "the disk is full there. Make room, or give the store another folder"),
            StatusCode.NoSpace or StatusCode.QuotaExceeded => (StoreErrorKind.QuotaExceeded, "the disk or the quota is full there. Make room, or give the store another folder"),
            StatusCode.PermissionDenied or StatusCode.WriteProtected => (StoreErrorKind.PermissionDenied, "the server denies it. Check who owns the folder there and its permissions"),
            StatusCode.NoSuchFile or StatusCode.NoSuchPath => (StoreErrorKind.NotFound, "there is no such file or folder"),
            // OpenSSH says so of a name that is too long or that its file system does not take.
            StatusCode.BadMessage => (StoreErrorKind.InvalidKey, "the server's file system does not take the name. Use a shorter or plainer key"),
            StatusCode.Unsupported => (StoreErrorKind.Unsupported, "the server cannot do that"),
            StatusCode.NoConnection or StatusCode.ConnectionLost => (StoreErrorKind.Unavailable, "the server has lost what is behind it. Try again"),
            _ => (StoreErrorKind.Unexpected, "the server does not say why. A quota may be used up, or a disk be unwell: its log may say more"),
        };
        var words = exception.Status.Message is { Length: > 0 } message ? $"'{message}', code" : "code";
        return place.Error(kind, $"Cannot {exception.Action} '{exception.Path}' of '{place.StoreName}': {remedy} (the server said: {words} {(uint)exception.Status.Code}).", exception);
    }

    /// <summary>Whether the refusal has no reason, and the file system may tell one.</summary>
    public static bool IsWithoutReason(SftpStatusException exception) => exception.Status.Code is StatusCode.Failure || exception.Status.Code > StatusCode.QuotaExceeded;

    public static StoreException InvalidKey(StoreKey key, StoreOperation operation, string storeName, string fault) =>
        new(StoreErrorKind.InvalidKey, $"'{key}' cannot be kept in '{storeName}': {fault}.") { Operation = operation, Key = key.Value, StoreName = storeName };
}

/// <summary>Where something went wrong: what an error carries besides its kind and message.</summary>
internal readonly record struct Place(StoreOperation Operation, string? Key, string StoreName)
{
    /// <summary>Whether what goes wrong here has certainly no effect, such as before anything was sent.</summary>
    public bool IsBeforeEffect { get; init; }

    public StoreException Error(StoreErrorKind kind, string message, Exception? inner = null) =>
        new(kind, message, inner) { Operation = Operation, Key = Key, StoreName = StoreName, HadNoEffect = IsBeforeEffect };
}
