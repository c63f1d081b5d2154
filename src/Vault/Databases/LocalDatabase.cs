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
    private readonly StatementCache _statements;
    private readonly LocalPaths _paths;
    private SqliteTransaction? _transaction;
    private bool _isAttached;
    private bool _isClosed;

    /// <summary>The generation of an index that is being filled, and that nobody has adopted yet.</summary>
    private long? _draft;

    private LocalDatabase(SqliteConnection connection, LocalPaths paths)
    {
        _connection = connection;
        _statements = new StatementCache(connection);
        _paths = paths;
    }

    /// <summary>Held for every use of the database within this process.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Told when a transaction was not committed, or the index is another one now: what was remembered of its rows must be forgotten.</summary>
    public Action Forgotten { private get; set; } = static () => { };

    /// <summary>Told when the index was found to be damaged and an empty one has taken its place, which must be filled before anything rests on it.</summary>
    public Action IndexLost { private get; set; } = static () => { };

    /// <summary>Told before and after each write is committed.</summary>
    public Action<LocalWrite> Written { private get; set; } = static _ => { };

    public long Generation { get; private set; }

    /// <summary>The index that was damaged and of which an empty one has taken the place; null when there was none.</summary>
    public LostIndex? Loss { get; private set; }

    /// <summary>Opens both files, making what is missing. A damaged index makes room for an empty one.</summary>
    /// <exception cref="VaultException">The state is damaged or no database, or a file was written by newer software.</exception>
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
            database.AttachCurrent();
            return database;
        }
        catch (SqliteException fault) when (LocalFaults.IsDamageOnOpening(fault))
        {
            database.Dispose();
            throw LocalFaults.StateDamaged(paths, fault);
        }
        catch (SqliteException fault) when (LocalFaults.HasAdvice(fault))
        {
            database.Dispose();
            throw LocalFaults.Unusable(paths, fault);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private long CurrentGeneration() =>
        Convert.ToInt64(Scalar("SELECT value FROM main.meta WHERE name='generation'") ?? 1L, CultureInfo.InvariantCulture);

    /// <summary>Attaches the index that counts. Gives its generation, which is not what is attached where it was damaged.</summary>
    private long AttachCurrent()
    {
        while (true)
        {
            var current = CurrentGeneration();
            var stale = current;
            try
            {
                Attach(current);
                if (CurrentGeneration() == Generation)
                    return current;
                stale = Generation;
            }
            catch (SqliteException) when (CurrentGeneration() > current)
            {
                // The files were deleted while they were being opened, which can look like a failing disk.
            }
            // Another process has gone over to a new index meanwhile, and deleted this one. Where it was made here again, it is empty.
            Detach();
            _paths.DeleteIndex(stale);
        }
    }

    private void Attach(long generation)
    {
        try
        {
            AttachAsItIs(generation);
        }
        catch (SqliteException fault) when (LocalFaults.IsDamageOnOpening(fault) && CurrentGeneration() <= generation)
        {
            NoteLoss(generation, fault.Message);
            Detach();
            AttachAsItIs(Replace(generation));
        }
    }

    private void NoteLoss(long generation, string what) => Loss = new LostIndex(_paths.Index(generation), what);

    private void AttachAsItIs(long generation)
    {
        var path = _paths.Index(generation);
        Use("ATTACH ? AS idx").Run(path);
        if (Schema.IsOlderIndex(this))
        {
            Detach();
            AttachAsItIs(Replace(generation));
            return;
        }
        LocalPaths.Protect(path);
        Execute("PRAGMA idx.journal_mode=WAL; PRAGMA idx.synchronous=NORMAL;");
        Schema.EnsureIndex(this, path);
        Generation = generation;
        _isAttached = true;
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
            if (current == Generation && _isAttached)
                return false;
            Detach();
            current = AttachCurrent();
            Forgotten();
            if (Generation != current)
                IndexLost();
            return true;
        }
    }

    /// <summary>
    /// Opens the state with an empty index of the next generation beside it, to be filled while the old one is still in use. <see cref="Adopt"/> then makes
    /// it the one that counts; one that was not adopted is deleted when this is disposed.
    /// </summary>
    /// <exception cref="VaultException">A file cannot be used, or there is no room for the new one.</exception>
    public static LocalDatabase OpenNextGeneration(LocalPaths paths)
    {
        var database = Open(paths);
        try
        {
            var next = database.Generation + 1;
            database.Detach();
            paths.DeleteIndex(next);
            database._draft = next;
            database.Attach(next);
            return database;
        }
        catch (SqliteException fault) when (LocalFaults.HasAdvice(fault))
        {
            database.Dispose();
            throw LocalFaults.Unusable(paths, fault);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Makes this database's index the one that counts, in one short transaction, and deletes the one before.</summary>
    public void Adopt()
    {
        SetGeneration(Generation);
        _draft = null;
        _paths.DeleteIndex(Generation - 1);
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
        _isAttached = false;
        _statements.Clear();
        if (Scalar("SELECT 1 FROM pragma_database_list WHERE name='idx'") is not null)
        {
            _statements.Clear();
            Execute("DETACH idx");
        }
    }

    /// <summary>Whether an error of a statement can be told in better words. What is done to open and replace the files judges its errors itself.</summary>
    private bool MayExplain(SqliteException fault) => _isAttached && LocalFaults.IsExplained(fault);

    private VaultException Explained(SqliteException fault) => LocalFaults.IsDamage(fault) ? Damaged(fault) : LocalFaults.Unusable(_paths, fault);

    /// <summary>
    /// What follows from an error that says that a file is damaged. SQLite does not say which: when the state is whole, it is the index, and an empty one takes its place at once.
    /// </summary>
    private VaultException Damaged(SqliteException fault)
    {
        try
        {
            var damaged = Generation;
            Detach();
            if (Scalar("PRAGMA main.quick_check(1)") is not "ok")
                return LocalFaults.StateDamaged(_paths, fault);
            NoteLoss(damaged, fault.Message);
            Attach(Replace(damaged));
        }
        catch (SqliteException other) when (LocalFaults.IsDamage(other))
        {
            return LocalFaults.StateDamaged(_paths, other);
        }
        catch (SqliteException other) when (LocalFaults.HasAdvice(other))
        {
            return LocalFaults.Unusable(_paths, other);
        }
        Forgotten();
        IndexLost();
        return new IndexDamagedException($"{Loss!.Message} Do again what was asked for.", fault);
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
            try
            {
                WriteInTransaction(work);
            }
            catch (SqliteException fault) when (MayExplain(fault))
            {
                throw Explained(fault);
            }
        }
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_isClosed, typeof(Vault));

    private void WriteInTransaction(Action work)
    {
        ThrowIfClosed();
        using var transaction = _connection.BeginTransaction(deferred: false);
        _transaction = transaction;
        try
        {
            work();
            Written(LocalWrite.Before);
            transaction.Commit();
            Written(LocalWrite.After);
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

    /// <summary>As <see cref="Write(Action)"/>, with a result.</summary>
    public T Write<T>(Func<T> work)
    {
        var result = default(T)!;
        Write(() => { result = work(); });
        return result;
    }

    /// <summary>A prepared statement with <c>?</c> for its values. It is this database's, and used again for the same text.</summary>
    /// <exception cref="ObjectDisposedException">The vault was closed.</exception>
    public Statement Use(string sql)
    {
        ThrowIfClosed();
        var statement = _statements.Of(sql);
        statement.Transaction = _transaction;
        return statement;
    }

    /// <summary>The first column of the first row; null when there is no row or it is NULL.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        lock (Gate)
        {
            try
            {
                return Use(sql).Scalar(values);
            }
            catch (SqliteException fault) when (_transaction is null && MayExplain(fault))
            {
                throw Explained(fault);
            }
        }
    }

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        lock (Gate)
        {
            try
            {
                return Use(sql).Query(row, values);
            }
            catch (SqliteException fault) when (_transaction is null && MayExplain(fault))
            {
                throw Explained(fault);
            }
        }
    }

    /// <summary>Runs a statement by itself; gives the number of rows changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object?> values)
    {
        lock (Gate)
        {
            try
            {
                var changed = Use(sql).Run(values);
                if (_transaction is null)
                    Written(LocalWrite.After);
                return changed;
            }
            catch (SqliteException fault) when (_transaction is null && MayExplain(fault))
            {
                throw Explained(fault);
            }
        }
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

    /// <summary>Closes it, behind whatever is under way. Who comes later is told that the vault was closed.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            _isClosed = true;
            _statements.Clear();
            _connection.Dispose();
        }
        if (_draft is { } draft)
            _paths.DeleteIndex(draft);
    }
}
