using System.Globalization;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Index;

/// <summary>Which commits name which objects in <c>data/</c>, and until when.</summary>
internal sealed class ObjectUseTable(LocalDatabase database, StatusTable status)
{
    private const long MillisecondsInHour = 3_600_000;

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
            var known = LatestEnd(use.Name);
            if (!Counts(known) && Counts(known is { } before ? RecordEnds.Later(before, ends[use.Name]) : ends[use.Name]))
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

    /// <summary>
    /// The bytes of all objects that known commits name, but for those whose bodies had all ended: they go from the store, whoever takes them there. All peers come to the same sum, be their indexes old or new.
    /// </summary>
    /// <param name="ended">The moment, in milliseconds since 1970; it counts in full hours.</param>
    public long Allocated(long ended)
    {
        ended -= ended % MillisecondsInHour;
        if (ended != status.AllocatedWithoutEnded)
        {
            database.Write(() =>
            {
                var before = status.AllocatedWithoutEnded;
                // A clock that is set back brings back what it took away.
                status.Allocated += before < ended ? -SizeEndedBetween(before, ended) : SizeEndedBetween(ended, before);
                status.AllocatedWithoutEnded = ended;
            });
        }
        return status.Allocated;
    }

    private long SizeEndedBetween(long after, long until) => Convert.ToInt64(
        database.Scalar(
            """
            SELECT COALESCE(SUM(size), 0) FROM (SELECT MAX(o.size) AS size FROM objects o WHERE o.ends<>0 AND o.ends>? AND o.ends<=?
                AND NOT EXISTS(SELECT 1 FROM objects l WHERE l.segment=o.segment AND l.id=o.id AND (l.ends=0 OR l.ends>?)) GROUP BY o.segment, o.id)
            """,
            after, until, until),
        CultureInfo.InvariantCulture);

    /// <summary>Whether an object of this end is in the sum.</summary>
    private bool Counts(long? end) => end is { } known && !RecordEnds.HasPassed(known, status.AllocatedWithoutEnded);

    /// <summary>When the last body in an object ends, as far as commits are known; null when none names it.</summary>
    private long? LatestEnd(ObjectName name) => database.Query(
        "SELECT MIN(ends), MAX(ends) FROM objects WHERE segment=? AND id=?",
        reader => reader.IsDBNull(0) ? (long?)null : reader.GetInt64(0) == 0 ? 0 : reader.GetInt64(1), name.Segment, Blobs.Of(name.Id))[0];

    /// <summary>Objects that are named by a body which ended by a moment, or by a commit that is refused; perhaps by others too.</summary>
    public List<ObjectName> PerhapsEnded(long by) => database.Query(
        "SELECT segment, id FROM objects WHERE ends<>0 AND ends<=? UNION SELECT segment, id FROM objects WHERE commit_id IN (SELECT id FROM commits WHERE verdict<>1 AND verdict=2)",
        static reader => new ObjectName(reader.GetInt64(0), reader.U128(1)), by);

    /// <summary>Forgets an object that is not on the store any more.</summary>
    public void Forget(ObjectName name) => database.Write(() =>
    {
        if (Counts(LatestEnd(name)))
            status.Allocated -= SizeOf(name)!.Value;
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
