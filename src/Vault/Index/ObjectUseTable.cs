using System.Globalization;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Index;

/// <summary>Which commits name which objects in <c>data/</c>, and until when.</summary>
internal sealed class ObjectUseTable(LocalDatabase database, StatusTable status)
{
    /// <summary>Keeps what a commit names.</summary>
    public void Add(long commitRow, Commit commit)
    {
        var ends = new Dictionary<ObjectName, long>();
        foreach (var body in commit.Bodies)
        {
            foreach (var piece in body.Pieces)
            {
                if (piece.Object is { } name)
                    ends[name] = ends.TryGetValue(name, out var end) ? RecordEnds.Later(end, body.End) : body.End;
            }
        }
        var more = 0L;
        foreach (var use in commit.Head.Objects)
        {
            if (SizeOf(use.Name) is null)
                more += use.Size;
            database.Run("INSERT INTO objects(segment, id, commit_id, size, ends) VALUES(?,?,?,?,?)", use.Name.Segment, Blobs.Of(use.Name.Id), commitRow, use.Size, ends[use.Name]);
        }
        status.Allocated += more;
    }

    /// <summary>The size of an object as a known commit states it; null when none names it.</summary>
    public long? SizeOf(ObjectName name) => database.Scalar("SELECT size FROM objects WHERE segment=? AND id=? LIMIT 1", name.Segment, Blobs.Of(name.Id)) as long?;

    /// <summary>Who names an object: until when, whether that commit is refused, and its time.</summary>
    public List<ObjectReference> ReferencesTo(ObjectName name) => database.Query(
        "SELECT o.ends, c.verdict=2, c.clock FROM objects o JOIN commits c ON c.id=o.commit_id WHERE o.segment=? AND o.id=?",
        reader => new ObjectReference(reader.GetInt64(0), reader.GetInt64(1) == 1, new HybridTime(reader.GetInt64(2))), name.Segment, Blobs.Of(name.Id));

    /// <summary>Forgets an object that is not on the store any more.</summary>
    public void Forget(ObjectName name) => database.Write(() =>
    {
        status.Allocated -= SizeOf(name) ?? 0;
        database.Run("DELETE FROM objects WHERE segment=? AND id=?", name.Segment, Blobs.Of(name.Id));
    });

    /// <summary>How many objects known commits name.</summary>
    public long Count() => Convert.ToInt64(database.Scalar("SELECT COUNT(*) FROM (SELECT DISTINCT segment, id FROM objects)"), CultureInfo.InvariantCulture);

    /// <summary>How many segments known commits name objects in. Each is found by one step in the table's own order, however many objects it has.</summary>
    public long CountSegments() => Convert.ToInt64(
        database.Scalar(
            """
            WITH RECURSIVE found(segment) AS (SELECT MIN(segment) FROM objects UNION ALL SELECT (SELECT MIN(o.segment) FROM objects o WHERE o.segment>found.segment) FROM found WHERE found.segment IS NOT NULL)
            SELECT COUNT(segment) FROM found
            """),
        CultureInfo.InvariantCulture);
}

/// <summary>A commit that names an object.</summary>
/// <param name="Ends">When the last body of that commit in the object ends, in milliseconds since 1970; 0 = never.</param>
/// <param name="IsRefused">Whether the commit counts for nobody.</param>
/// <param name="Written">The clock of the commit.</param>
internal readonly record struct ObjectReference(long Ends, bool IsRefused, HybridTime Written);
