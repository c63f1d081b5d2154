using System.Globalization;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Databases;
using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Index;

/// <summary>Reads what the index knows of paths.</summary>
internal sealed class FileTable(LocalDatabase database, LocalSeal localSeal)
{
    public const string Columns = "r.id, r.path, r.kind, r.record, r.place, r.size, r.modified, r.attributes, r.content_end, r.seal";
    private const int ColumnCount = 10;
    private const string BodyColumns = "r.body, r.place, c.hash, c.tail_offset";
    private const long DeleteKind = 2;

    /// <summary>The newest record of a file, a delete included; null when there is none.</summary>
    public FileRow? Newest(long space, string path, FileSeal? seal = null) => database.Query(
        $"SELECT {Columns} FROM files f JOIN records r ON r.id=f.record_id WHERE f.space=? AND f.path=? AND f.seal=?", Read, space, path, SealColumn.Of(seal)).FirstOrDefault();

    /// <summary>All records of a file that count, in the total order.</summary>
    public List<FileRow> Versions(long space, string path, FileSeal? seal = null) => database.Query(
        $"SELECT {Columns} FROM records r WHERE r.space=? AND r.path=? AND r.seal=? AND r.counts=1 ORDER BY r.place", Read, space, path, SealColumn.Of(seal));

    /// <summary>The next files, no deletes, behind a place and before a path, by the bytes of their paths, of one path the plain file first.</summary>
    public List<FileRow> Between(long space, FileBound after, string before, int most) => database.Query(
        $"SELECT {Columns} FROM files f JOIN records r ON r.id=f.record_id WHERE f.space=? AND (f.path, f.seal)>(?,?) AND f.path<? AND r.kind<>2 ORDER BY f.path, f.seal LIMIT ?",
        Read, space, after.Path, after.Seal, before, (long)most);

    /// <summary>As <see cref="Between"/>, with the bodies.</summary>
    public List<(FileRow Row, LocatedBody Body)> BodiesBetween(long space, FileBound after, string before, int most) => database.Query(
        $"""
        SELECT {Columns}, {BodyColumns} FROM files f JOIN records r ON r.id=f.record_id JOIN commits c ON c.id=r.commit_id
        WHERE f.space=? AND (f.path, f.seal)>(?,?) AND f.path<? AND r.kind<>2 ORDER BY f.path, f.seal LIMIT ?
        """,
        reader => (Read(reader), ReadBody(reader, ColumnCount)), space, after.Path, after.Seal, before, (long)most);

    /// <summary>The body of a record.</summary>
    public LocatedBody Body(long row) => database.Query(
        $"SELECT {BodyColumns} FROM records r JOIN commits c ON c.id=r.commit_id WHERE r.id=?", reader => ReadBody(reader, 0), row)[0];

    private LocatedBody ReadBody(SqliteDataReader reader, int first) => new(
        reader.IsDBNull(first) ? BodyDescriptor.Empty : BodyColumn.Read(localSeal.Open(reader.Bytes(first))),
        Place.Commit(reader.Bytes(first + 1)), reader.Digest(first + 2), reader.GetInt64(first + 3));

    /// <summary>The next changes after a number, with their records, and whether something counts for the first time that did not when it came.</summary>
    public List<(long Position, ChangeKind Kind, bool IsLate, FileRow Row)> Changes(long space, long after, int most) => database.Query(
        $"""
        SELECT {Columns}, c.position, c.kind FROM changes c JOIN records r ON r.id=c.record_id WHERE c.position>? AND r.space=? ORDER BY c.position LIMIT ?
        """,
        reader => reader.GetInt64(ColumnCount + 1) is var kind && kind == RecordTable.AppliedLate
            ? (reader.GetInt64(ColumnCount), ChangeKind.Applied, true, Read(reader))
            : (reader.GetInt64(ColumnCount), (ChangeKind)kind, false, Read(reader)),
        after, space, (long)most);

    /// <summary>The records of commits that do not count, but for those that their author has made again in one that does.</summary>
    public List<FileRow> Uncounted(long space) => database.Query(
        $"""
        SELECT {Columns} FROM records r JOIN commits c ON c.id=r.commit_id WHERE r.space=? AND c.verdict<>1
        AND NOT EXISTS(SELECT 1 FROM records o WHERE o.record=r.record AND o.author=r.author AND o.counts=1) ORDER BY r.id
        """,
        Read, space);

    /// <summary>The number of the last change that was made to a record, or to one of the same file that comes later in the order.</summary>
    public long LastChangeFrom(long space, FileRow row) => Convert.ToInt64(
        database.Scalar(
            "SELECT COALESCE(MAX(c.position), 0) FROM records r JOIN changes c ON c.record_id=r.id WHERE r.space=? AND r.path=? AND r.seal=? AND r.place>=?",
            space, row.Path, SealColumn.Of(row.Seal), row.Place),
        CultureInfo.InvariantCulture);

    /// <summary>The records of the same file that come later in the order than one, and do not count.</summary>
    public List<FileRow> UncountedBehind(long space, FileRow row) => database.Query(
        $"SELECT {Columns} FROM records r WHERE r.space=? AND r.path=? AND r.seal=? AND r.place>? AND r.counts=0", Read, space, row.Path, SealColumn.Of(row.Seal), row.Place);

    /// <summary>How many files there are, and their bytes.</summary>
    public (long Files, long Bytes) CountFiles(long space, long now) => database.Query(
        "SELECT COUNT(*), COALESCE(SUM(r.size), 0) FROM files f JOIN records r ON r.id=f.record_id WHERE f.space=? AND r.kind<>2 AND (r.content_end=0 OR r.content_end>?)",
        reader => (reader.GetInt64(0), reader.GetInt64(1)), space, now)[0];

    public long CountVersions(long space) => Convert.ToInt64(
        database.Scalar("SELECT COUNT(*) FROM records WHERE space=? AND counts=1 AND kind<>2", space), CultureInfo.InvariantCulture);

    public static FileRow Read(SqliteDataReader reader) => new()
    {
        Row = reader.GetInt64(0),
        Path = reader.GetString(1),
        IsDelete = reader.GetInt64(2) == DeleteKind,
        Record = reader.U128(3),
        Place = reader.Bytes(4),
        Size = reader.GetInt64(5),
        Modified = reader.GetInt64(6),
        Attributes = reader.IsDBNull(7) ? [] : reader.Bytes(7),
        ContentEnd = reader.GetInt64(8),
        Seal = SealColumn.Read(reader.Bytes(9)),
    };
}
