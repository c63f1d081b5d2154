namespace Coffer.Vaults.Pending;

/// <summary>What a failed attempt to send a queued write means: to be tried again, or for a person to decide.</summary>
internal static class SendFaults
{
    /// <summary>How often a reason of the vault's own, which may pass, is tried.</summary>
    private const int MostAttempts = 5;

    /// <summary>Why it is not tried again; null when it is.</summary>
    /// <param name="fault">What the attempt failed with.</param>
    /// <param name="attempts">How many attempts failed before.</param>
    public static RefusalReason? RefusalOf(Exception fault, long attempts) => fault switch
    {
        AccessDeniedException => RefusalReason.AccessDenied,
        VaultQuotaException => RefusalReason.QuotaExceeded,
        RecipientCannotReadException => RefusalReason.RecipientCannotRead,
        VaultIntegrityException => RefusalReason.Integrity,
        // A store that is away, full, or whose credentials have run out may be mended any time.
        StoreException { Kind: StoreErrorKind.InvalidKey or StoreErrorKind.Unsupported } => RefusalReason.Other,
        // The local files: an index makes room for another one, and a disk is mended or cleared.
        VaultException { InnerException: Microsoft.Data.Sqlite.SqliteException } => null,
        StoreException or OperationCanceledException or TimeoutException => null,
        FileNotFoundException or DirectoryNotFoundException => RefusalReason.Other,
        IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException => null,
        _ when fault.GetType() == typeof(VaultException) && attempts + 1 < MostAttempts => null,
        _ => RefusalReason.Other,
    };
}
