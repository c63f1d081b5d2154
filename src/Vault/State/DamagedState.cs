using Coffer.Vaults.Databases;
using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.State;

/// <summary>A state that cannot be used any more, as far as it can still be read: which vault it is of, and what waits in its queue. Nothing is written to it.</summary>
internal sealed class DamagedState : IDisposable
{
    private readonly SqliteConnection _connection;

    /// <exception cref="VaultException">There is no such file, or nothing of it can be read.</exception>
    public DamagedState(LocalPaths paths)
    {
        if (!File.Exists(paths.State))
            throw new VaultException($"There is no '{paths.State}'.");
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = paths.State, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            VaultId = Rows("SELECT value FROM meta WHERE name='vault'", static reader => reader.GetString(0)).Rows is [var id] ? id : null;
        }
        catch (SqliteException fault)
        {
            _connection.Dispose();
            throw new VaultException($"Nothing can be read of '{paths.State}': {fault.Message}.", fault);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The vault that it belongs to; null when that cannot be read.</summary>
    public string? VaultId { get; }

    /// <summary>The entries of its queue of which every part was read, in the order in which they were accepted. What is of a batch that may have had more files is not among them, because its files become visible together.</summary>
    public List<PendingTable.PendingCall> Pending()
    {
        var entries = new SortedDictionary<long, PendingTable.PendingCall>();
        var files = new Dictionary<long, List<PendingTable.PendingFile>>();
        // From both ends, because a scan stops at the first page that is damaged.
        foreach (var order in (ReadOnlySpan<string>)["", " DESC"])
        {
            foreach (var entry in Rows("SELECT id, accepted, not_before, spool FROM pending NOT INDEXED ORDER BY id" + order, ReadEntry).Rows)
                entries[entry.Id] = entry;
            foreach (var (id, whole) in WholeEntries(order))
                files.TryAdd(id, whole);
        }
        return [.. entries.Values.Where(entry => files.ContainsKey(entry.Id)).Select(entry => entry with { Files = files[entry.Id] })];
    }

    /// <summary>The files of an entry lie beside each other: all of them were read where those of the next were reached, or the end.</summary>
    private IEnumerable<(long Id, List<PendingTable.PendingFile> Files)> WholeEntries(string order)
    {
        var (rows, toTheEnd) = Rows(
            "SELECT record, path, recipient, modified, attributes, content_end, size, content, body, pending FROM pending_files NOT INDEXED ORDER BY id" + order, PendingTable.ReadFile);
        for (var first = 0; first < rows.Count;)
        {
            var entry = rows[first].Plan.Pending!.Value;
            var count = rows.Skip(first).TakeWhile(file => file.Plan.Pending == entry).Count();
            if (first + count < rows.Count || toTheEnd)
            {
                var files = rows.GetRange(first, count);
                if (order.Length > 0)
                    files.Reverse();
                yield return (entry, files);
            }
            first += count;
        }
    }

    private static PendingTable.PendingCall ReadEntry(SqliteDataReader reader) =>
        new(reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3), []) { Id = reader.GetInt64(0) };

    /// <summary>The rows up to the end, or to the first that cannot be read.</summary>
    private (List<T> Rows, bool ToTheEnd) Rows<T>(string sql, Func<SqliteDataReader, T> row)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of this class wherever this is called.
        command.CommandText = sql;
#pragma warning restore CA2100
        var rows = new List<T>();
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
                rows.Add(row(reader));
            return (rows, true);
        }
        catch (Exception fault) when (fault is SqliteException or InvalidCastException or FormatException or ArgumentException)
        {
            // What stands where a value was is not one any more.
            return (rows, false);
        }
    }

    public void Dispose() => _connection.Dispose();
}
