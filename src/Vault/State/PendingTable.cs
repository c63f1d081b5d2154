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

    /// <summary>A call to be added.</summary>
    /// <param name="Accepted">When it was accepted, in milliseconds since 1970.</param>
    /// <param name="NotBefore">From when on it may be sent, in milliseconds; 0 for at once.</param>
    /// <param name="Spool">The spool file with its larger contents; null when there is none.</param>
    /// <param name="Files">Its files.</param>
    public sealed record PendingCall(long Accepted, long NotBefore, string? Spool, IReadOnlyList<PendingFile> Files);

    /// <summary>What the sender needs to know of an entry.</summary>
    public sealed record Candidate(long Id, long Size);

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

    /// <summary>
    /// What may be sent now, what failed least first: not what is scheduled for later, and nothing while an earlier write of the same path is to be sent first.
    /// </summary>
    public List<Candidate> Due(long now, int limit) => database.Query(
        """
        SELECT p.id, (SELECT COALESCE(SUM(size), 0) FROM pending_files f WHERE f.pending=p.id) FROM pending p WHERE p.refused=0 AND p.not_before<=? AND NOT EXISTS(
            SELECT 1 FROM pending_files f JOIN pending_files e ON e.path=f.path AND e.pending<f.pending JOIN pending q ON q.id=e.pending
            WHERE f.pending=p.id AND q.refused=0 AND q.not_before<=?)
        ORDER BY p.attempts, p.id LIMIT ?
        """,
        reader => new Candidate(reader.GetInt64(0), reader.GetInt64(1)), now, now, (long)limit);

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
                reader => new PendingCall(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2), []), id).FirstOrDefault();
            return entry is null ? null : entry with
            {
                Files = database.Query(
                    "SELECT record, path, recipient, modified, attributes, content_end, size, content, body FROM pending_files WHERE pending=? ORDER BY id",
                    ReadFile, id),
            };
        }
    }

    private static PendingFile ReadFile(SqliteDataReader reader) => new(
        new PutPlan
        {
            Space = Spaces.Files,
            Id = reader.U128(0),
            Path = reader.GetString(1),
            Recipient = reader.IsDBNull(2) ? null : PublicId.Parse(reader.GetString(2)),
            Modified = reader.GetInt64(3),
            Attributes = reader.Bytes(4),
            ContentEnd = reader.GetInt64(5),
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

    /// <summary>Whether an entry names this spool file.</summary>
    public bool Names(string spool) => database.Scalar("SELECT 1 FROM pending WHERE spool=? LIMIT 1", spool) is not null;

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
