using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Databases;

/// <summary>The file of an index, looked at from outside.</summary>
internal static class IndexFile
{
    /// <summary>
    /// Reads a whole index of this device and says whether its file is sound, on a connection of its own. One that is not there any more, because another process made it anew, is not damaged.
    /// </summary>
    public static bool IsWhole(LocalPaths paths, long generation)
    {
        var path = paths.Index(generation);
        if (!File.Exists(path))
            return true;
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 60 }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            return command.ExecuteScalar() is "ok";
        }
        catch (SqliteException fault) when (LocalFaults.IsDamage(fault))
        {
            return false;
        }
    }
}
