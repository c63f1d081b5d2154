using System.Globalization;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Records;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Index;

/// <summary>
/// The records of all opened commits, whether they count or not; which record is the newest of its file; and the changes, numbered as they were applied. A record counts when its commit does, and
/// it is the first in the order of those with its author and record id, and it has not ended: from its record end on it is on no peer, as some have only a stub of its commit then. What is sealed and cannot be read here has no path, is no file and no change, but takes its record id.
/// </summary>
internal sealed class RecordTable(LocalDatabase database, AuthorTable authors, ObjectUseTable objects, StatusTable status, ChangeNumbering changes, LocalSeal localSeal)
{
    private const long PutKind = 1;
    private const long DeleteKind = 2;
    private const long UnreadKind = 3;

    /// <summary>In the changes: something counts for the first time, and did not when it came.</summary>
    public const long AppliedLate = 3;

    /// <summary>Adds the records of a commit; they do not count yet.</summary>
    public void Add(long commitRow, Commit commit)
    {
        var author = authors.Of(commit.Head.Author);
        for (var i = 0; i < commit.Head.Records.Count; i++)
        {
            if (commit.Head.Records[i] is not VersionRecord record)
                continue;
            var (file, secret) = (record.AsFile(), record as SealedRecord);
            var put = file as PutRecord;
            var seal = secret is null ? null : new FileSeal(commit.Head.Author, secret.Recipient);
            var kind = file is null ? UnreadKind : put is null ? DeleteKind : PutKind;
            database.Run(
                """
                INSERT INTO records(commit_id, position, kind, space, path, seal, author, record, place, size, modified, attributes, content_end, record_end, body)
                VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """,
                commitRow, (long)i, kind, file?.Space, file?.Path, SealColumn.Of(seal), author, Blobs.Of(record.Id), Place.Of(commit, i),
                put?.Body.Length ?? secret?.Layout.Length ?? 0, put?.Modified ?? 0, put?.Attributes.ToArray(), put?.ContentEnd ?? secret?.ContentEnd ?? 0, record.RecordEnd, put?.Body is { Length: > 0 } body ? localSeal.Seal(BodyColumn.Write(body)) : null);
        }
        if (commit.Head.Objects.Count > 0)
            objects.Add(commitRow, commit);
    }

    /// <summary>Brings everything that hangs on it up to date after the verdict on a commit changed.</summary>
    /// <param name="commitRow">The commit.</param>
    /// <param name="isAccepted">Whether it is accepted now.</param>
    /// <param name="wasJudged">Whether there was another verdict on it before, and not only just now it came.</param>
    public void Refresh(long commitRow, bool isAccepted, bool wasJudged)
    {
        var applied = wasJudged ? AppliedLate : (long)ChangeKind.Applied;
        if (isAccepted && !HasTwins(commitRow))
        {
            CountAll(commitRow, applied);
            return;
        }
        var records = database.Query(
            "SELECT id, author, record FROM records WHERE commit_id=? ORDER BY position", reader => (Row: reader.GetInt64(0), Author: reader.GetInt64(1), Record: reader.Bytes(2)), commitRow);
        foreach (var record in records)
            RefreshRecord(record.Author, record.Record, applied);
    }

    /// <summary>From now on, what has ended by a moment does not count, and nothing else for that reason: when a clock is set back, it counts again. No news for anybody who follows the changes, as an expiry is none.</summary>
    /// <param name="now">Local time in milliseconds.</param>
    public void EndBy(long now)
    {
        lock (database.Gate)
        {
            var before = status.EndedBy;
            if (now < before || AnyEnds(before, now))
                database.Write(() => EndBetween(before, now));
        }
    }

    private bool AnyEnds(long after, long until) => database.Scalar("SELECT 1 FROM records WHERE record_end<>0 AND record_end>? AND record_end<=? LIMIT 1", after, until) is not null;

    private void EndBetween(long before, long now)
    {
        status.EndedBy = now;
        var records = database.Query("SELECT author, record FROM records WHERE record_end<>0 AND record_end>? AND record_end<=? ORDER BY id",
            static reader => (Author: reader.GetInt64(0), Record: reader.Bytes(1)), Math.Min(before, now), Math.Max(before, now));
        records.ForEach(record => RefreshRecord(record.Author, record.Record, applied: null));
    }

    /// <summary>Whether one of a commit's records shares its author and id with another record.</summary>
    private bool HasTwins(long commitRow) => database.Scalar(
        "SELECT 1 FROM records r JOIN records o ON o.record=r.record AND o.author=r.author AND o.id<>r.id WHERE r.commit_id=? LIMIT 1", commitRow) is not null;

    /// <summary>All records of a commit count from now on. A first import is little else, so it is done for all of them at once.</summary>
    private void CountAll(long commitRow, long applied)
    {
        var ended = status.EndedBy;
        changes.Begin();
        database.Run(
            $"""
            INSERT INTO changes(kind, record_id)
            SELECT CASE WHEN EXISTS(SELECT 1 FROM changes w WHERE w.record_id=r.id AND w.kind={(int)ChangeKind.Withdrawn}) THEN {(int)ChangeKind.Restored} ELSE ? END, r.id
            FROM records r WHERE r.commit_id=? AND r.counts=0 AND (r.record_end=0 OR r.record_end>?) AND r.kind<>{UnreadKind} ORDER BY r.position
            """,
            applied, commitRow, ended);
        database.Run("UPDATE records SET counts=1 WHERE commit_id=? AND counts=0 AND (record_end=0 OR record_end>?)", commitRow, ended);
        database.Run(
            $"""
            INSERT INTO files(space, path, seal, record_id) SELECT r.space, r.path, r.seal, r.id FROM records r WHERE r.commit_id=? AND r.counts=1 AND r.kind<>{UnreadKind} ORDER BY r.position
            ON CONFLICT DO UPDATE SET record_id=excluded.record_id
            WHERE (SELECT n.place FROM records n WHERE n.id=excluded.record_id)>(SELECT n.place FROM records n WHERE n.id=files.record_id)
            """,
            commitRow);
    }

    /// <param name="author">The author.</param>
    /// <param name="record">The id of the record.</param>
    /// <param name="applied">What is told of what counts for the first time; null when nothing is told.</param>
    private void RefreshRecord(long author, byte[] record, long? applied)
    {
        var ended = status.EndedBy;
        var group = database.Query(
            """
            SELECT r.id, r.space, r.path, r.seal, r.counts, c.verdict=1, r.record_end FROM records r JOIN commits c ON c.id=r.commit_id
            WHERE r.record=? AND r.author=? ORDER BY r.place
            """,
            reader => (
                Row: reader.GetInt64(0), File: reader.IsDBNull(2) ? ((long, string, byte[])?)null : (reader.GetInt64(1), reader.GetString(2), reader.Bytes(3)),
                Counts: reader.GetInt64(4) == 1, Accepted: reader.GetInt64(5) == 1, HasEnded: RecordEnds.HasPassed(reader.GetInt64(6), ended)),
            record, author);
        var first = group.FindIndex(static row => row.Accepted);
        // What counts no more is told first: the same id may count in another place from now on, and that is the last word on it.
        foreach (var (row, counts) in group.Select((row, place) => (Row: row, Counts: place == first && !row.HasEnded)).Where(static change => change.Counts != change.Row.Counts).OrderBy(static change => change.Counts))
        {
            database.Run("UPDATE records SET counts=? WHERE id=?", counts ? 1L : 0L, row.Row);
            if (row.File is not var (space, path, seal))
                continue;
            if (applied is { } kind)
                Tell(!counts ? (long)ChangeKind.Withdrawn : WasWithdrawn(row.Row) ? (long)ChangeKind.Restored : kind, row.Row);
            RefreshFile(space, path, seal);
        }
    }

    private void Tell(long kind, long row)
    {
        changes.Begin();
        database.Run("INSERT INTO changes(kind, record_id) VALUES(?,?)", kind, row);
    }

    private bool WasWithdrawn(long row) =>
        database.Scalar("SELECT 1 FROM changes WHERE record_id=? AND kind=? LIMIT 1", row, (long)ChangeKind.Withdrawn) is not null;

    private void RefreshFile(long space, string path, byte[] seal)
    {
        var newest = database.Scalar("SELECT id FROM records WHERE space=? AND path=? AND seal=? AND counts=1 ORDER BY place DESC LIMIT 1", space, path, seal);
        if (newest is null)
            database.Run("DELETE FROM files WHERE space=? AND path=? AND seal=?", space, path, seal);
        else
            database.Run("INSERT INTO files(space, path, seal, record_id) VALUES(?,?,?,?) ON CONFLICT DO UPDATE SET record_id=excluded.record_id", space, path, seal, newest);
    }

    /// <summary>The latest record end among all records of a file that are known, so that a delete outlives what it deletes; 0 when one never ends.</summary>
    public long? LatestRecordEnd(long space, string path, FileSeal? seal)
    {
        var ends = database.Query("SELECT MIN(record_end), MAX(record_end) FROM records WHERE space=? AND path=? AND seal=?",
            reader => reader.IsDBNull(0) ? ((long, long)?)null : (reader.GetInt64(0), reader.GetInt64(1)), space, path, SealColumn.Of(seal));
        return ends[0] is not { } known ? null : known.Item1 == 0 ? 0 : known.Item2;
    }

    /// <summary>Whether a commit with a record of this author and id is accepted.</summary>
    public bool IsAccepted(PublicId author, UInt128 record) => database.Scalar(
        "SELECT 1 FROM records r JOIN commits c ON c.id=r.commit_id WHERE r.record=? AND r.author=? AND c.verdict=1 LIMIT 1", Blobs.Of(record), authors.Of(author)) is not null;

    /// <summary>Whether a commit with a record of this author and id was applied, be it that it counts or not.</summary>
    public bool Holds(PublicId author, UInt128 record) =>
        database.Scalar("SELECT 1 FROM records WHERE record=? AND author=? LIMIT 1", Blobs.Of(record), authors.Of(author)) is not null;

    /// <summary>
    /// Records of a member's files whose commits were cut off, or wait because of their clock, and of which no other one with the same id is accepted.
    /// </summary>
    public List<FileRow> OwnThatCountNoMore(PublicId author, long now) => database.Query(
        $"""
        SELECT {FileTable.Columns} FROM commits c CROSS JOIN records r ON r.commit_id=c.id
        WHERE c.verdict<>1 AND c.author=? AND c.reason IN ({(int)VerdictReason.CutOff}, {(int)VerdictReason.Clock}) AND r.space=0 AND (r.content_end=0 OR r.content_end>?) AND (r.record_end=0 OR r.record_end>?)
        AND NOT EXISTS(SELECT 1 FROM records o JOIN commits k ON k.id=o.commit_id WHERE o.record=r.record AND o.author=r.author AND k.verdict=1) ORDER BY r.place
        """,
        FileTable.Read, authors.Of(author), now, now);
}
