using System.Globalization;
using Coffer.Stores;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Encoding;
using Microsoft.Data.Sqlite;

namespace Coffer.Simulation;

/// <summary>
/// The store lacks no object in <c>data/</c> that something still needs; and where everybody has tidied up, it has none that nothing has needed for longer than the grace time. What is needed is read
/// from the tables of an index that knows everything.
/// </summary>
internal sealed class NeededObjectsCheck(SimWorld world, MemoryStore store, Device device)
{
    private readonly string _data = $"{world.Realm}/data/";

    /// <summary>The grace time, and what clocks and the time between two rounds of housekeeping make of it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromDays(7.1);

    private readonly SimContext _context = world.Context;

    public async Task RunAsync()
    {
        var there = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (var entry in store.ListAsync(_data))
            there.Add(entry.Key.Value[_data.Length..], entry.LastModified!.Value);
        var now = _context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var uses = Uses();
        foreach (var (name, ends, _) in uses.Where(use => !use.IsRefused && (use.Ends == 0 || use.Ends > now)))
        {
            if (!there.ContainsKey(name))
                _context.Violation($"The store lacks data/{name}, which is needed {(ends == 0 ? "for ever" : "for a while yet")}");
        }
        if (world.TidiedAt is not { } tidied || !world.Kind.Deletes)
            return;
        var old = tidied - Grace;
        var needed = uses.Where(use => !use.IsRefused && (use.Ends == 0 || use.Ends > old.ToUnixTimeMilliseconds())).Select(static use => use.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, came) in there.Where(entry => entry.Value < old && !needed.Contains(entry.Key)))
            _context.Violation($"data/{name} has been on the store since {came:O}, and nothing needs it");
        _context.Counters.Add("objects that are needed", needed.Count);
    }

    private List<(string Name, long Ends, bool IsRefused)> Uses()
    {
        var file = Directory.EnumerateFiles(device.Folder, "team.index-*.db").OrderBy(static file => file.Length).ThenBy(static file => file, StringComparer.Ordinal).Last();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT o.segment, o.id, o.ends, c.verdict=2 FROM objects o JOIN commits c ON c.id=o.commit_id ORDER BY o.segment, o.id";
        using var reader = command.ExecuteReader();
        var uses = new List<(string, long, bool)>();
        while (reader.Read())
        {
            var id = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian((byte[])reader.GetValue(1));
            uses.Add((new ObjectName(reader.GetInt64(0), id).ToString()["data/".Length..], reader.GetInt64(2), reader.GetInt64(3) == 1));
        }
        return uses;
    }
}
