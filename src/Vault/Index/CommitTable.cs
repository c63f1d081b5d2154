using System.Collections.Immutable;
using System.Globalization;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;
using Coffer.Vaults.Verdicts;
using Microsoft.Data.Sqlite;

namespace Coffer.Vaults.Index;

/// <summary>The commits that were opened and whose signatures hold, with their verdicts.</summary>
internal sealed class CommitTable(LocalDatabase database, AuthorTable authors)
{
    private const string LineColumns = "id, number, hash, previous, clock, height, ledger_hash, epoch, attributes_only, verdict, reason";

    /// <summary>Whether a commit was opened under this name, by whomever.</summary>
    public bool Holds(CommitName name) => database.Scalar("SELECT 1 FROM commits WHERE writer=? AND number=? LIMIT 1", Blobs.Of(name.Writer), name.Number) is not null;

    /// <summary>Whether a commit with this hash was opened under this name, by whomever.</summary>
    public bool Holds(CommitName name, Digest hash) =>
        database.Scalar("SELECT 1 FROM commits WHERE writer=? AND number=? AND hash=? LIMIT 1", Blobs.Of(name.Writer), name.Number, hash.ToArray()) is not null;

    /// <summary>Whether exactly this commit is known.</summary>
    public bool Holds(CommitLink link) => database.Scalar(
        "SELECT 1 FROM commits WHERE author=? AND writer=? AND number=? AND hash=?",
        authors.Of(link.Author), Blobs.Of(link.Writer), link.Number, link.Hash.ToArray()) is not null;

    /// <summary>Whether another commit than this one is known for its author, writer and number.</summary>
    public bool HoldsAnother(CommitLink link) => database.Scalar(
        "SELECT 1 FROM commits WHERE author=? AND writer=? AND number=? AND hash<>?",
        authors.Of(link.Author), Blobs.Of(link.Writer), link.Number, link.Hash.ToArray()) is not null;

    /// <summary>Adds a commit; gives its row, or null when it was there.</summary>
    public long? Add(Commit commit)
    {
        var row = database.Scalar(
            """
            INSERT INTO commits(author, writer, number, hash, previous, clock, height, ledger_hash, epoch, ends, tail_offset, tail_ends, attributes_only, verdict, reason)
            VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,0,0) ON CONFLICT DO NOTHING RETURNING id
            """,
            authors.Of(commit.Head.Author), Blobs.Of(commit.Header.Writer), commit.Header.Number, commit.Hash.ToArray(), commit.Header.Previous.ToArray(),
            commit.Header.Clock.Value, commit.Head.LedgerHeight, commit.Head.LedgerHash.ToArray(), commit.Header.Epoch, commit.Header.Ends,
            (long)commit.Header.TailOffset, commit.TailEnd, commit.Head.OnlyOwnAttributes ? 1L : 0L);
        return row is null ? null : Convert.ToInt64(row, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The commit that is known under a name and can be packed: the only one of that name, whole, and judged. Null when there is none.
    /// </summary>
    public PackableCommit? Packable(CommitName name)
    {
        var rows = database.Query(
            "SELECT hash, clock, tail_offset, tail_ends, verdict, height FROM commits WHERE writer=? AND number=? LIMIT 2",
            reader => (Commit: new PackableCommit(name, reader.Digest(0), new HybridTime(reader.GetInt64(1)), reader.GetInt32(2), reader.GetInt64(3)), IsWaiting: reader.GetInt64(4) == 0, IsStub: reader.GetInt64(5) == Commit.UnknownHeight),
            Blobs.Of(name.Writer), name.Number);
        return rows is [{ IsWaiting: false, IsStub: false } row] ? row.Commit : null;
    }

    /// <summary>The first and last number of each writer's commits that are known, without the writers of which two commits have one number.</summary>
    public Dictionary<ulong, (long First, long Last)> UnforkedWriters() => database.Query(
        "SELECT writer, MIN(number), MAX(number) FROM commits GROUP BY writer HAVING COUNT(*)=COUNT(DISTINCT number)",
        reader => (Writer: reader.U64(0), First: reader.GetInt64(1), Last: reader.GetInt64(2))).ToDictionary(static row => row.Writer, static row => (row.First, row.Last));

    /// <summary>For each writer a number up to which none of its commits is missing.</summary>
    public Dictionary<ulong, long> Ends() => database.Query(
        "SELECT writer, MAX(number) FROM lines WHERE number>0 GROUP BY writer", reader => (Writer: reader.U64(0), Number: reader.GetInt64(1))).ToDictionary(static row => row.Writer, static row => row.Number);

    /// <summary>The writers of an author of whose lines the plain beginning ends behind a moment.</summary>
    public List<ulong> WritersBehind(PublicId author, HybridTime moment) =>
        database.Query("SELECT writer FROM lines WHERE author=? AND clock>? ORDER BY writer", reader => reader.U64(0), authors.Of(author), moment.Value);

    /// <summary>The latest clock of all commits that count.</summary>
    public HybridTime LatestAcceptedClock() => new(Convert.ToInt64(database.Scalar("SELECT COALESCE(MAX(clock), 0) FROM commits WHERE verdict=1"), CultureInfo.InvariantCulture));

    /// <summary>All commits of one line behind a number, by number.</summary>
    public List<LineCommit> Line(PublicId author, ulong writer, long after) => database.Query(
        $"SELECT {LineColumns} FROM commits WHERE author=? AND writer=? AND number>? ORDER BY number, hash", ReadLine, authors.Of(author), Blobs.Of(writer), after);

    /// <summary>The lines of which a commit is waiting, or was refused for another reason before the block that it states was known.</summary>
    public List<(PublicId Author, ulong Writer)> UndecidedLines(long judgedHeight) => database.Query(
        "SELECT DISTINCT a.bytes, c.writer FROM commits c JOIN authors a ON a.id=c.author WHERE c.verdict<>1 AND (c.verdict=0 OR c.height>?) ORDER BY a.bytes, c.writer",
        reader => (reader.PublicId(0), reader.U64(1)), judgedHeight);

    /// <summary>All writers under which an author's commits are known.</summary>
    public List<ulong> WritersOf(PublicId author) =>
        database.Query("SELECT DISTINCT writer FROM commits WHERE author=? ORDER BY writer", reader => reader.U64(0), authors.Of(author));

    /// <summary>For each writer of an author the last commit that counts: what a cut-off lists.</summary>
    public List<CommitLink> LastAccepted(PublicId author) => database.Query(
        """
        SELECT writer, MAX(number), hash FROM commits WHERE author=? AND verdict=1 GROUP BY writer ORDER BY writer
        """,
        reader => new CommitLink(author, reader.U64(0), reader.GetInt64(1), reader.Digest(2)),
        authors.Of(author));

    /// <summary>The last commit of one line that counts; null when none does.</summary>
    public CommitLink? LastAcceptedOf(PublicId author, ulong writer) => database.Query(
        "SELECT number, hash FROM commits WHERE author=? AND writer=? AND verdict=1 ORDER BY number DESC LIMIT 1",
        reader => new CommitLink(author, writer, reader.GetInt64(0), reader.Digest(1)), authors.Of(author), Blobs.Of(writer)).FirstOrDefault();

    /// <summary>Every commit that counts, and when the last body in its tail ends (<see cref="Commit.NoTail"/> when it has none).</summary>
    public List<(CommitLink Link, long TailEnd)> AllAccepted() => database.Query(
        "SELECT a.bytes, c.writer, c.number, c.hash, c.tail_ends FROM commits c JOIN authors a ON a.id=c.author WHERE c.verdict=1 ORDER BY c.writer, c.number",
        reader => (new CommitLink(reader.PublicId(0), reader.U64(1), reader.GetInt64(2), reader.Digest(3)), reader.GetInt64(4)));

    /// <summary>The hashes of all commits that are known under a name.</summary>
    public List<Digest> HashesOf(CommitName name) =>
        database.Query("SELECT hash FROM commits WHERE writer=? AND number=?", static reader => reader.Digest(0), Blobs.Of(name.Writer), name.Number);

    /// <summary>The latest clock of an author's commits that count; the default when there is none. Lines tell their ends; only one that is judged as a whole is looked through.</summary>
    public HybridTime LatestClockOf(PublicId author) => new(Convert.ToInt64(
        database.Scalar(
            """
            SELECT COALESCE(MAX(clock), 0) FROM (SELECT clock FROM lines WHERE author=? AND plain=1
                UNION ALL SELECT c.clock FROM lines l JOIN commits c ON c.author=l.author AND c.writer=l.writer WHERE l.author=? AND l.plain=0 AND c.verdict=1)
            """,
            authors.Of(author), authors.Of(author)),
        CultureInfo.InvariantCulture));

    /// <summary>The lines of which commits are refused because two have one number.</summary>
    public List<(PublicId Author, ulong Writer)> ForkedLines() => database.Query(
        "SELECT DISTINCT a.bytes, c.writer FROM commits c JOIN authors a ON a.id=c.author WHERE c.verdict=2 AND c.reason=? ORDER BY a.bytes, c.writer",
        reader => (reader.PublicId(0), reader.U64(1)), (long)VerdictReason.Forked);

    /// <summary>The last known commit of one line, whether it counts or not; number 0 when there is none.</summary>
    public (long Number, Digest Hash, HybridTime Clock) LastOf(PublicId author, ulong writer) => database.Query(
        "SELECT number, hash, clock FROM commits WHERE author=? AND writer=? ORDER BY number DESC LIMIT 1",
        reader => (reader.GetInt64(0), reader.Digest(1), new HybridTime(reader.GetInt64(2))), authors.Of(author), Blobs.Of(writer)).FirstOrDefault();

    /// <summary>An author's newest commit that counts, over all writers; null when there is none.</summary>
    public CommitLink? NewestOf(PublicId author) => database.Query(
        "SELECT writer, number, hash FROM commits WHERE author=? AND verdict=1 ORDER BY clock DESC, writer DESC LIMIT 1",
        reader => new CommitLink(author, reader.U64(0), reader.GetInt64(1), reader.Digest(2)), authors.Of(author)).FirstOrDefault();

    /// <summary>For each writer, the last number that had been applied when a change was made.</summary>
    public ImmutableSortedDictionary<(PublicId Author, ulong Writer), long> Applied(long change) => database.Query(
        """
        SELECT a.bytes, c.writer, MAX(c.number) FROM changes h JOIN records r ON r.id=h.record_id JOIN commits c ON c.id=r.commit_id JOIN authors a ON a.id=c.author
        WHERE h.position<=? AND h.kind<>1 GROUP BY c.author, c.writer
        """,
        reader => (Author: reader.PublicId(0), Writer: reader.U64(1), Number: reader.GetInt64(2)), change)
        .ToImmutableSortedDictionary(static row => (row.Author, row.Writer), static row => row.Number);

    public void SetVerdict(long row, Verdict verdict) =>
        database.Run("UPDATE commits SET verdict=?, reason=? WHERE id=?", (long)verdict.Kind, (long)verdict.Reason, row);

    /// <summary>The end of a line, and whether all before it is plain, so that what follows can be judged by the end alone.</summary>
    public (LinePrefix End, bool Plain) End(PublicId author, ulong writer)
    {
        var rows = database.Query(
            "SELECT number, hash, clock, height, began, plain FROM lines WHERE author=? AND writer=?",
            reader => (new LinePrefix(reader.GetInt64(0), reader.Digest(1), new HybridTime(reader.GetInt64(2)), reader.GetInt64(3), reader.GetInt64(4)), reader.GetInt64(5) == 1),
            authors.Of(author), Blobs.Of(writer));
        return rows.Count == 0 ? (LinePrefix.Empty, true) : rows[0];
    }

    public void SetEnd(PublicId author, ulong writer, LinePrefix end, bool plain) => database.Run(
        """
        INSERT INTO lines(author, writer, number, hash, clock, height, began, plain) VALUES(?,?,?,?,?,?,?,?)
        ON CONFLICT DO UPDATE SET number=excluded.number, hash=excluded.hash, clock=excluded.clock, height=excluded.height, began=excluded.began, plain=excluded.plain
        """,
        authors.Of(author), Blobs.Of(writer), end.Number, end.Hash.ToArray(), end.Clock.Value, end.Height, end.Began, plain ? 1L : 0L);

    /// <summary>How many commits there are by verdict.</summary>
    public long Count(VerdictKind kind) => Convert.ToInt64(database.Scalar("SELECT COUNT(*) FROM commits WHERE verdict=?", (long)kind), CultureInfo.InvariantCulture);

    /// <summary>How many commits are refused for one reason.</summary>
    public long CountRefused(VerdictReason reason) => Convert.ToInt64(
        database.Scalar("SELECT COUNT(*) FROM commits WHERE verdict=? AND verdict<>1 AND reason=?", (long)VerdictKind.Refused, (long)reason), CultureInfo.InvariantCulture);

    private static LineCommit ReadLine(SqliteDataReader reader) => new()
    {
        Row = reader.GetInt64(0),
        Number = reader.GetInt64(1),
        Hash = reader.Digest(2),
        Previous = reader.Digest(3),
        Clock = new HybridTime(reader.GetInt64(4)),
        Height = reader.GetInt64(5),
        LedgerHash = reader.Digest(6),
        Epoch = reader.GetInt64(7),
        AttributesOnly = reader.GetInt64(8) == 1,
        Verdict = new Verdict((VerdictKind)reader.GetInt64(9), (VerdictReason)reader.GetInt64(10)),
    };
}

/// <summary>A commit that can be packed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Clock">Its clock.</param>
/// <param name="TailOffset">The bytes of header and sealed head.</param>
/// <param name="TailEnd">When the last body in its tail ends; 0 for never, negative when there is none.</param>
internal readonly record struct PackableCommit(CommitName Name, Digest Hash, HybridTime Clock, int TailOffset, long TailEnd)
{
    /// <summary>Whether a body in its tail lives.</summary>
    public bool HasLivingTail(long now) => !RecordEnds.HasPassed(TailEnd, now);
}
