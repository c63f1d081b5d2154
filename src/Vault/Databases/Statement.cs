using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Databases;

/// <summary>One prepared statement with positional values.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        var count = 0;
        var text = new System.Text.StringBuilder(sql.Length + 16);
        foreach (var c in sql)
        {
            text.Append(c);
            if (c == '?')
                text.Append(++count);
        }
#pragma warning disable CA2100 // The text is a constant of this assembly; values are bound.
        _command.CommandText = text.ToString();
#pragma warning restore CA2100
        for (var i = 1; i <= count; i++)
            _command.Parameters.Add(new SqliteParameter { ParameterName = "?" + i.ToString(System.Globalization.CultureInfo.InvariantCulture) });
    }

    public SqliteTransaction? Transaction
    {
        set => _command.Transaction = value;
    }

    public int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    public object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        var value = _command.ExecuteScalar();
        return value is DBNull ? null : value;
    }

    public List<T> Query<T>(Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        var rows = new List<T>();
        using var reader = _command.ExecuteReader();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    private void Bind(ReadOnlySpan<object?> values)
    {
        if (values.Length != _command.Parameters.Count)
            throw new ArgumentException($"{_command.Parameters.Count} values are needed, and {values.Length} were given.", nameof(values));
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }

    public void Dispose() => _command.Dispose();
}
