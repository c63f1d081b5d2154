using System.Globalization;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Records;
using Coffer.Vaults.Writers;
using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.State;

/// <summary>
/// The queue of writes that were accepted and are to be sent. One entry is one call: a file, or a batch that becomes visible together. An entry goes in the transaction in which the commit that holds it is applied.
/// </summary>
internal sealed class PendingTable(LocalDatabase database)
{
    /// <summary>The moment, in milliseconds, of what waits until housekeeping runs.</summary>
    public const long AtHousekeeping = long.MaxValue;

    /// <summary>One file as it was accepted.</summary>
    /// <param name="Plan">Its record, without a content.</param>
    /// <param name="Size">The size of the content, in bytes.</param>
    /// <param name="Content">The content, sealed; null when it is spooled or empty.</param>
    /// <param name="Body">Key and pieces of the spooled content, sealed; null when it is not spooled.</param>
    public sealed record PendingFile(PutPlan Plan, long Size, byte[]? Content, byte[]? Body);

    /// <summary>A call.</summary>
    /// <param name="Accepted">When it was accepted, in milliseconds since 1970.</param>
    /// <param name="NotBefore">From when on it may be sent, in milliseconds; 0 for at once.</param>
    /// <param name="Spool">The spool file with its larger contents; null when there is none.</param>
    /// <param name="Files">Its files.</param>
    public sealed record PendingCall(long Accepted, long NotBefore, string? Spool, IReadOnlyList<PendingFile> Files)
    {
        /// <summary>Its number in the queue; 0 before it is there.</summary>
        public long Id { get; init; }
    }

    /// <summary>What must be known of an entry to choose when it is sent, and with which others.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Attempts">How many attempts failed.</param>
    /// <param name="Size">The size of its contents, in bytes.</param>
    /// <param name="Head">About how much of a commit's head it takes, in bytes; rather too much.</param>
    /// <param name="IsSpooled">Whether a spool file belongs to it.</param>
    public sealed record Candidate(long Id, long Attempts, long Size, long Head, bool IsSpooled);

    private const string InFlight = """
        EXISTS(SELECT 1 FROM own_commits o WHERE o.writer=p.sent_writer AND o.number=p.sent_number
            AND NOT EXISTS(SELECT 1 FROM commits c WHERE c.writer=o.writer AND c.number=o.number AND c.hash=o.hash))
        """;

    /// <summary>Adds a call.</summary>
    public void Add(PendingCall call) => database.Write(() =>
    {
        var id = Number(database.Scalar("INSERT INTO pending(accepted, not_before, spool) VALUES(?,?,?) RETURNING id", call.Accepted, call.NotBefore, call.Spool));
        foreach (var file in call.Files)
        {
            database.Run(
                "INSERT INTO pending_files(pending, record, path, recipient, modified, attributes, content_end, size, content, body) VALUES(?,?,?,?,?,?,?,?,?,?)",
                id, Blobs.Of(file.Plan.Id), file.Plan.Path, file.Plan.Recipient?.ToString(), file.Plan.Modified, file.Plan.Attributes.ToArray(), file.Plan.ContentEnd, file.Size, file.Content, file.Body);
        }
    });

    /// <summary>Whether an entry is in the queue and to be sent.</summary>
    public bool IsOpen(long id) => database.Scalar("SELECT 1 FROM pending WHERE id=? AND refused=0", id) is not null;

    /// <summary>Whether anything is to be sent, now or later.</summary>
    public bool AnyOpen => database.Scalar("SELECT 1 FROM pending WHERE refused=0 LIMIT 1") is not null;

    /// <summary>What may be sent now and is not scheduled for later, what failed least first and then what was accepted first: the next page of it.</summary>
    /// <param name="now">Local time in milliseconds.</param>
    /// <param name="after">The last of the page before; null for the first page.</param>
    /// <param name="limit">The most entries of the page.</param>
    public List<Candidate> Due(long now, Candidate? after, int limit) => database.Query(
        $"SELECT {CandidateColumns} FROM pending p WHERE refused=0 AND not_before<=? AND (attempts, id)>(?, ?) ORDER BY attempts, id LIMIT ?",
        ReadCandidate, now, after?.Attempts ?? -1L, after?.Id ?? 0L, (long)limit);

    /// <summary>As <see cref="Due"/>, of the entries that have higher numbers than <paramref name="above"/>, in the order in which they were accepted.</summary>
    public List<Candidate> DueAbove(long above, long now, int limit) => database.Query(
        $"SELECT {CandidateColumns} FROM pending p NOT INDEXED WHERE id>? AND refused=0 AND not_before<=? ORDER BY id LIMIT ?", ReadCandidate, above, now, (long)limit);

    private const string CandidateColumns = """
        p.id, p.attempts, p.spool IS NOT NULL, (SELECT SUM(size) FROM pending_files f WHERE f.pending=p.id),
        (SELECT SUM(600 + 3 * LENGTH(f.path) + LENGTH(f.attributes)) FROM pending_files f WHERE f.pending=p.id)
        """;

    private static Candidate ReadCandidate(SqliteDataReader reader) => new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(2) == 1);

    /// <summary>For each file of an entry, the last earlier entry of the same path that is to be sent by now, where there is one.</summary>
    public List<long> Ahead(long id, long now) => database.Query(
        """
        SELECT (SELECT e.pending FROM pending_files e JOIN pending q ON q.id=e.pending WHERE e.path=f.path AND e.pending<f.pending AND q.refused=0 AND q.not_before<=? ORDER BY e.pending DESC LIMIT 1) AS ahead
        FROM pending_files f WHERE f.pending=? AND ahead IS NOT NULL
        """,
        static reader => reader.GetInt64(0), now, id);

    /// <summary>The highest number of all entries.</summary>
    public long Last => Number(database.Scalar("SELECT MAX(id) FROM pending") ?? 0L);

    /// <summary>The earliest moment, after now, for which something is scheduled; null when nothing is.</summary>
    public long? NextScheduled(long now) => database.Scalar("SELECT MIN(not_before) FROM pending WHERE refused=0 AND not_before>? AND not_before<?", now, AtHousekeeping) as long?;

    /// <summary>Whether something is to be sent by now.</summary>
    public bool AnyDue(long now) => database.Scalar("SELECT 1 FROM pending WHERE refused=0 AND not_before<=? LIMIT 1", now) is not null;

    /// <summary>The first entry of one of these paths that is to be sent by now; null when there is none.</summary>
    public (long Id, long Attempts, string? Error)? AheadOf(IReadOnlyList<string> paths, long now)
    {
        lock (database.Gate)
        {
            if (!AnyOpen)
                return null;
            foreach (var path in paths)
            {
                var ahead = database.Query<(long, long, string?)?>(
                    "SELECT q.id, q.attempts, q.error FROM pending_files f JOIN pending q ON q.id=f.pending WHERE f.path=? AND q.refused=0 AND q.not_before<=? ORDER BY q.id LIMIT 1",
                    static reader => (reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2)), path, now);
                if (ahead.Count > 0)
                    return ahead[0];
            }
            return null;
        }
    }

    /// <summary>An entry's files and its spool file; null when it is not to be sent any more.</summary>
    public PendingCall? Get(long id)
    {
        lock (database.Gate)
        {
            var entry = database.Query(
                "SELECT accepted, not_before, spool FROM pending WHERE id=? AND refused=0",
                reader => new PendingCall(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2), []) { Id = id }, id).FirstOrDefault();
            return entry is null ? null : entry with
            {
                Files = database.Query(
                    "SELECT record, path, recipient, modified, attributes, content_end, size, content, body, pending FROM pending_files WHERE pending=? ORDER BY id",
                    ReadFile, id),
            };
        }
    }

    /// <summary>A row of record, path, recipient, modified, attributes, content_end, size, content, body, pending.</summary>
    public static PendingFile ReadFile(SqliteDataReader reader) => new(
        new PutPlan
        {
            Space = Spaces.Files,
            Id = reader.U128(0),
            Path = reader.GetString(1),
            Recipient = reader.IsDBNull(2) ? null : PublicId.Parse(reader.GetString(2)),
            Modified = reader.GetInt64(3),
            Attributes = reader.Bytes(4),
            ContentEnd = reader.GetInt64(5),
            Pending = reader.GetInt64(9),
        },
        reader.GetInt64(6),
        reader.IsDBNull(7) ? null : reader.Bytes(7),
        reader.IsDBNull(8) ? null : reader.Bytes(8));

    /// <summary>Notes in which commit an entry goes out. Within the transaction that saves that commit.</summary>
    public void MarkSent(long id, ulong writer, long number) => database.Run("UPDATE pending SET sent_writer=?, sent_number=? WHERE id=?", Blobs.Of(writer), number, id);

    /// <summary>Notes why an attempt failed. A person decides about what is refused; all else is tried again.</summary>
    public void Failed(long id, string error, RefusalReason? refusal) =>
        database.Run("UPDATE pending SET attempts=attempts+1, error=?, refused=? WHERE id=?", error, refusal is { } reason ? 1 + (long)reason : 0L, id);

    /// <summary>How many attempts failed.</summary>
    public long Attempts(long id) => Number(database.Scalar("SELECT attempts FROM pending WHERE id=?", id) ?? 0L);

    /// <summary>Takes away what a commit of this person holds. Within the transaction that applies it.</summary>
    public void Arrived(Commit commit)
    {
        if (database.Scalar("SELECT 1 FROM pending LIMIT 1") is null)
            return;
        foreach (var record in commit.Head.Records.OfType<VersionRecord>())
        {
            if (database.Scalar("SELECT pending FROM pending_files WHERE record=?", Blobs.Of(record.Id)) is long id)
                Remove(id);
        }
    }

    /// <summary>Takes an entry out of the queue.</summary>
    public void Remove(long id) => database.Write(() =>
    {
        database.Run("DELETE FROM pending_files WHERE pending=?", id);
        database.Run("DELETE FROM pending WHERE id=?", id);
    });

    /// <summary>Takes an entry out unless a commit that holds it may be on its way. False when it may, or is not there.</summary>
    public bool TryCancel(long id) => database.Write(() =>
    {
        if (database.Scalar($"SELECT 1 FROM pending p WHERE p.id=? AND NOT {InFlight}", id) is null)
            return false;
        Remove(id);
        return true;
    });

    /// <summary>Lets an entry that was refused be tried again. False when there is none.</summary>
    public bool Retry(long id) => database.Run("UPDATE pending SET refused=0, attempts=0, error=NULL WHERE id=? AND refused<>0", id) > 0;

    /// <summary>Makes due what waited for housekeeping.</summary>
    public void ReleaseForHousekeeping(long now)
    {
        if (AnyOpen)
            database.Run("UPDATE pending SET not_before=? WHERE not_before=?", now, AtHousekeeping);
    }

    /// <summary>Every file in the queue, in the order in which it was accepted.</summary>
    public List<PendingWrite> All() => database.Query(
        $"""
        SELECT p.id, f.path, f.recipient, f.size, p.accepted, p.not_before, p.attempts, p.refused, p.error, {InFlight} FROM pending p JOIN pending_files f ON f.pending=p.id ORDER BY p.id, f.id
        """,
        static reader => new PendingWrite
        {
            Id = reader.GetInt64(0),
            Path = reader.GetString(1),
            Recipient = reader.IsDBNull(2) ? null : PublicId.Parse(reader.GetString(2)),
            Size = reader.GetInt64(3),
            Accepted = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)),
            NotBefore = reader.GetInt64(5) is > 0 and < AtHousekeeping and var moment ? DateTimeOffset.FromUnixTimeMilliseconds(moment) : null,
            WaitsForHousekeeping = reader.GetInt64(5) == AtHousekeeping,
            Attempts = (int)Math.Min(reader.GetInt64(6), int.MaxValue),
            Refusal = reader.GetInt64(7) is > 0 and var reason ? (RefusalReason)(reason - 1) : null,
            Error = reader.IsDBNull(8) ? null : reader.GetString(8),
            IsOnItsWay = reader.GetInt64(9) == 1,
        });

    /// <summary>Those that were refused.</summary>
    public List<PendingWrite> Refused() => database.Scalar("SELECT 1 FROM pending WHERE refused<>0 LIMIT 1") is null ? [] : All().FindAll(static write => write.Refusal is not null);

    /// <summary>The queue in figures.</summary>
    /// <param name="dueBy">Only what is to be sent by that moment, in milliseconds, and what was refused.</param>
    public PendingFigures Figures(long dueBy) => database.Query(
        """
        SELECT COUNT(*) FILTER (WHERE p.refused=0), COALESCE(SUM(f.size) FILTER (WHERE p.refused=0), 0), COUNT(*) FILTER (WHERE p.refused<>0),
            (SELECT error FROM pending WHERE error IS NOT NULL ORDER BY id LIMIT 1)
        FROM pending p JOIN pending_files f ON f.pending=p.id WHERE p.refused<>0 OR p.not_before<=?
        """,
        static reader => new PendingFigures
        {
            Files = reader.GetInt64(0),
            Bytes = reader.GetInt64(1),
            Refused = reader.GetInt64(2),
            OldestError = reader.IsDBNull(3) ? null : reader.GetString(3),
        },
        dueBy)[0];

    /// <summary>How many files there are in all, and the bytes of their contents.</summary>
    public (long Files, long Bytes) Totals() => database.Query("SELECT files, bytes FROM pending_totals", static reader => (reader.GetInt64(0), reader.GetInt64(1)))[0];

    /// <summary>Whether a record is in the queue.</summary>
    public bool Holds(UInt128 record) => database.Scalar("SELECT 1 FROM pending_files WHERE record=?", Blobs.Of(record)) is not null;

    /// <summary>Whether an entry names this spool file.</summary>
    public bool Names(string spool) => database.Scalar("SELECT 1 FROM pending WHERE spool=? LIMIT 1", spool) is not null;

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
