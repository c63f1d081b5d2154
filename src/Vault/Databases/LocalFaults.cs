using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Databases;

/// <summary>What errors of the local files mean, and what a person can do about them (https://sqlite.org/rescode.html).</summary>
internal static class LocalFaults
{
    private const string Full = "cannot grow: their disk is full. Make room, and do again what was asked for";

    /// <summary>SQLITE_IOERR_SHMSIZE: the file beside a write-ahead log could not be made as large as it must be.</summary>
    private const int NoRoomBesideLog = 4874;

    /// <summary>Whether an error says that a file is not what was written there (SQLITE_CORRUPT, SQLITE_NOTADB).</summary>
    public static bool IsDamage(SqliteException fault) => fault.SqliteErrorCode is 11 or 26;

    /// <summary>Whether an error as a file is opened says the same, or that its tables are not those of the version that it states (SQLITE_ERROR).</summary>
    public static bool IsDamageOnOpening(SqliteException fault) => IsDamage(fault) || fault.SqliteErrorCode == 1;

    /// <summary>Whether more is known of an error than SQLite's own words.</summary>
    public static bool IsExplained(SqliteException fault) => IsDamage(fault) || HasAdvice(fault);

    /// <summary>Whether it is an error of a file that is not damaged, about which a person can do something.</summary>
    public static bool HasAdvice(SqliteException fault) => Advice(fault) is not null;

    public static VaultException Unusable(LocalPaths paths, SqliteException fault) =>
        new($"The local files of '{paths.State}' {Advice(fault)}. Nothing that was acknowledged is lost. ({fault.Message})", fault);

    public static VaultException StateDamaged(LocalPaths paths, SqliteException fault) => new(
        $"'{paths.State}' is damaged ({fault.Message}). Unlike the index beside it, it cannot be had again from the store: take it from a backup, or open the vault under another index path, as a new device. Everything that was acknowledged is on the store, but for asynchronous writes that were not sent yet: of those, what can still be read comes to a new device by SalvagePendingAsync (coffer pending NEW --from OLD).", fault);

    private static string? Advice(SqliteException fault) => fault.SqliteExtendedErrorCode == NoRoomBesideLog ? Full : fault.SqliteErrorCode switch
    {
        // SQLITE_BUSY, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN
        5 => "are in use by another process that does not let go of them. End it, and do again what was asked for",
        8 => "can only be read, and must be written too. Give this user the right to write them and their folder, or choose another index path",
        10 => "cannot be read or written: the disk failed. Look after it, and do again what was asked for",
        13 => Full,
        14 => "cannot be opened. See whether their folder is there and can be written",
        _ => null,
    };
}
