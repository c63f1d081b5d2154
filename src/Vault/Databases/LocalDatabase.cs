using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Databases;

/// <summary>
/// A device's two SQLite files on one connection: the state, which cannot be had again, and beside it the index, all of which comes from the store. Both in WAL mode;
/// the state is flushed at every commit (<c>synchronous=FULL</c>), the index is not, because losing its end costs only a sync. All use is synchronous, short, and under <see cref="Gate"/>; no
/// transaction is ever open across a request to the store.
/// </summary>
internal sealed class LocalDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly LocalPaths _paths;
    private SqliteTransaction? _transaction;

    private LocalDatabase(SqliteConnection connection, LocalPaths paths)
    {
        _connection = connection;
        _paths = paths;
    }

    /// <summary>Held for every use of the database within this process.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Told when a transaction was not committed, or the index is another one now: what was remembered of its rows must be forgotten.</summary>
    public Action Forgotten { private get; set; } = static () => { };

    public long Generation { get; private set; }

    /// <summary>Opens both files, making what is missing.</summary>
    /// <exception cref="VaultException">A file is no database, or was written by newer software.</exception>
    public static LocalDatabase Open(LocalPaths paths)
    {
        paths.CreateFolder();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = paths.State, Pooling = false, DefaultTimeout = 60 }.ToString());
        var database = new LocalDatabase(connection, paths);
        try
        {
            connection.Open();
            LocalPaths.Protect(paths.State);
            database.Execute("PRAGMA main.journal_mode=WAL; PRAGMA main.synchronous=FULL;");
            // What lies there of an index belonged to another state.
            Schema.EnsureState(database, paths.State, begin: () => paths.DeleteIndex(1));
            database.Attach(database.CurrentGeneration());
            return database;
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is 11 or 26)
        {
            database.Dispose();
            throw new VaultException($"'{paths.State}' or the index beside it is damaged ({fault.Message}). The index can be deleted ('{paths.Folder}', files named *.index-*.db) and comes back by itself; the state cannot: open the vault under a new index path, as a new device.", fault);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private long CurrentGeneration() =>
        Convert.ToInt64(Scalar("SELECT value FROM main.meta WHERE name='generation'") ?? 1L, CultureInfo.InvariantCulture);

    private void Attach(long generation)
    {
        var path = _paths.Index(generation);
        Use("ATTACH ? AS idx").Run(path);
        if (Schema.IsOlderIndex(this))
        {
            Detach();
            Attach(Replace(generation));
            return;
        }
        LocalPaths.Protect(path);
        Execute("PRAGMA idx.journal_mode=WAL; PRAGMA idx.synchronous=NORMAL;");
        Schema.EnsureIndex(this, path);
        Generation = generation;
    }

    /// <summary>Makes an empty index of the next generation the one that counts, unless another process did so; the next sync fills it. Gives the generation that counts now.</summary>
    private long Replace(long generation) => Write(() =>
    {
        if (CurrentGeneration() is var current && current != generation)
            return current;
        _paths.DeleteIndex(generation + 1);
        SetGeneration(generation + 1);
        _paths.DeleteIndex(generation);
        return generation + 1;
    });

    /// <summary>Goes over to the index that another process has switched to. True when there was one.</summary>
    public bool FollowGeneration()
    {
        lock (Gate)
        {
            var current = CurrentGeneration();
            if (current == Generation)
                return false;
            Detach();
            Attach(current);
            Forgotten();
            return true;
        }
    }

    /// <summary>
    /// Opens the state with an empty index of the next generation beside it, to be filled while the old one is still in use. <see cref="Adopt"/> then makes
    /// it the one that counts.
    /// </summary>
    public static LocalDatabase OpenNextGeneration(LocalPaths paths)
    {
        var database = Open(paths);
        var next = database.Generation + 1;
        database.Detach();
        paths.DeleteIndex(next);
        database.Attach(next);
        return database;
    }

    /// <summary>Makes this database's index the one that counts, in one short transaction, and deletes the one before.</summary>
    public void Adopt()
    {
        SetGeneration(Generation);
        _paths.DeleteIndex(Generation - 1);
    }

    /// <summary>
    /// Reads a whole index of this device and says whether its file is sound, on a connection of its own. One that is not there any more, because another process made it anew, is not damaged.
    /// </summary>
    public static bool IsIndexWhole(LocalPaths paths, long generation)
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
        catch (SqliteException fault) when (fault.SqliteErrorCode is 11 or 26)
        {
            return false;
        }
    }

    /// <summary>Lets SQLite measure the tables whose queries would gain from it.</summary>
    public void Optimize()
    {
        lock (Gate)
            Execute("PRAGMA optimize");
    }

    private void SetGeneration(long generation) =>
        Run("INSERT INTO main.meta(name, value) VALUES('generation', ?) ON CONFLICT(name) DO UPDATE SET value=excluded.value", generation);

    private void Detach()
    {
        ClearStatements();
        Execute("DETACH idx");
    }

    private void ClearStatements()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }

    /// <summary>Runs <paramref name="work"/> in one write transaction over both files; rolled back when it throws.</summary>
    public void Write(Action work)
    {
        lock (Gate)
        {
            if (_transaction is not null)
            {
                work();
                return;
            }
            using var transaction = _connection.BeginTransaction(deferred: false);
            _transaction = transaction;
            try
            {
                work();
                transaction.Commit();
            }
            catch
            {
                Forgotten();
                throw;
            }
            finally
            {
                _transaction = null;
            }
        }
    }

    /// <summary>As <see cref="Write(Action)"/>, with a result.</summary>
    public T Write<T>(Func<T> work)
    {
        var result = default(T)!;
        Write(() => { result = work(); });
        return result;
    }

    /// <summary>A prepared statement with <c>?</c> for its values. It is this database's, and used again for the same text.</summary>
    public Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new Statement(_connection, sql);
            _statements.Add(sql, statement);
        }
        statement.Transaction = _transaction;
        return statement;
    }

    /// <summary>The first column of the first row; null when there is no row or it is NULL.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        lock (Gate)
            return Use(sql).Scalar(values);
    }

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        lock (Gate)
            return Use(sql).Query(row, values);
    }

    /// <summary>Runs a statement by itself; gives the number of rows changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object?> values)
    {
        lock (Gate)
            return Use(sql).Run(values);
    }

    /// <summary>Runs SQL without values, several statements at once.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of this assembly wherever this is called.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = _transaction;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        ClearStatements();
        _connection.Dispose();
    }
}
