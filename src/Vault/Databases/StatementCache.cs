using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Databases;

/// <summary>The prepared statements of one connection, by their text.</summary>
internal sealed class StatementCache(SqliteConnection connection)
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    /// <summary>The statement of a text, prepared now when it is the first time. It stays the cache's.</summary>
    public Statement Of(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new Statement(connection, sql));
        return statement;
    }

    /// <summary>Lets go of all of them, as must be before a file that they use is detached.</summary>
    public void Clear()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }
}
