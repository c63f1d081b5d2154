using System.Globalization;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Packs;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Index;

/// <summary>The packs whose heads were read, and which commits are in them; and stubs that nothing vouched for so far.</summary>
internal sealed class PackTable(LocalDatabase database)
{
    /// <summary>All packs that were read, by name.</summary>
    public SortedDictionary<PackName, KnownPack> All() => new(database.Query(
        "SELECT id, name, size, heads, verified, lacks FROM packs ORDER BY name",
        reader => new KnownPack(reader.GetInt64(0), PackName.TryParse(reader.GetString(1))!.Value, reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4) == 1, reader.GetInt64(5))).ToDictionary(static pack => pack.Name));

    /// <summary>The packs of which every commit could be opened, as far as it is whole. Only these are judged, merged and deleted.</summary>
    public IReadOnlyList<KnownPack> Opened() => [.. All().Values.Where(static pack => pack.Lacks == 0)];

    /// <summary>The epochs of which a key was not here when a pack was read that needs it.</summary>
    public List<long> Lacking() => database.Query("SELECT DISTINCT lacks FROM packs WHERE lacks<>0", static reader => reader.GetInt64(0));

    /// <summary>How many packs were read, and their bytes.</summary>
    public (long Packs, long Bytes) Count() => database.Query("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM packs", static reader => (reader.GetInt64(0), reader.GetInt64(1)))[0];

    /// <summary>How many commits are known that are in no pack.</summary>
    public long CountLoose() => Convert.ToInt64(
        database.Scalar("SELECT COUNT(*) FROM commits c WHERE NOT EXISTS(SELECT 1 FROM packed p WHERE p.writer=c.writer AND p.number=c.number AND p.hash=c.hash)"),
        CultureInfo.InvariantCulture);

    /// <summary>Whether a pack was read.</summary>
    public bool Knows(PackName name) => database.Scalar("SELECT 1 FROM packs WHERE name=?", name.ToString()) is not null;

    /// <summary>Keeps what is in a pack.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="entries">What is in it.</param>
    /// <param name="lacks">An epoch of which a commit in it needs the key, which is not here; 0 for none.</param>
    public void Add(PackName name, long size, IReadOnlyList<PackEntry> entries, long lacks)
    {
        var tails = entries.Sum(static entry => entry.Form == PackForm.WithTail ? (long)entry.Header.TailLength : 0);
        if (database.Scalar("INSERT INTO packs(name, size, heads, lacks) VALUES(?,?,?,?) ON CONFLICT DO NOTHING RETURNING id", name.ToString(), size, size - tails, lacks) is not long row)
        {
            database.Run("UPDATE packs SET lacks=? WHERE name=?", lacks, name.ToString());
            return;
        }
        foreach (var entry in entries)
        {
            var hash = entry.Hash.ToArray();
            database.Run("INSERT INTO packed(writer, number, pack, hash, form, tail_offset, tail_length) VALUES(?,?,?,?,?,?,?)",
                Blobs.Of(entry.Header.Writer), entry.Header.Number, row, hash, (long)entry.Form, entry.TailOffset, entry.Form == PackForm.WithTail ? (long)entry.Header.TailLength : 0L);
            if (entry.Form == PackForm.Stub)
                database.Run("INSERT INTO stubs(writer, number, hash, header) VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
                    Blobs.Of(entry.Header.Writer), entry.Header.Number, hash, entry.Head[..CommitHeader.Size].ToArray());
        }
    }

    /// <summary>Forgets a pack that is not on the store any more.</summary>
    public void Forget(KnownPack pack) => database.Write(() =>
    {
        database.Run("DELETE FROM packed WHERE pack=?", pack.Row);
        database.Run("DELETE FROM packs WHERE id=?", pack.Row);
    });

    /// <summary>Notes that all of a pack was read back and is right.</summary>
    public void SetVerified(PackName pack) => database.Run("UPDATE packs SET verified=1 WHERE name=?", pack.ToString());

    /// <summary>The packs that hold the tail of a commit, and where it begins in each.</summary>
    public List<(PackName Pack, long Offset)> TailsOf(CommitName commit, Digest hash) => database.Query(
        "SELECT p.name, c.tail_offset FROM packed c JOIN packs p ON p.id=c.pack WHERE c.writer=? AND c.number=? AND c.hash=? AND c.form=? ORDER BY p.size DESC, p.name",
        reader => (PackName.TryParse(reader.GetString(0))!.Value, reader.GetInt64(1)), Blobs.Of(commit.Writer), commit.Number, hash.ToArray(), (long)PackForm.WithTail);

    /// <summary>What a pack holds, with what the index knows of each commit.</summary>
    public Dictionary<(CommitName Name, Digest Hash), PackedCommit> Contents(KnownPack pack) => database.Query(
        """
        SELECT p.writer, p.number, p.hash, p.form, p.tail_length, c.tail_offset, c.tail_ends, c.ends FROM packed p
        LEFT JOIN commits c ON c.writer=p.writer AND c.number=p.number AND c.hash=p.hash WHERE p.pack=? ORDER BY p.writer, p.number
        """,
        reader => (Key: (new CommitName(reader.U64(0), reader.GetInt64(1)), reader.Digest(2)), Commit: new PackedCommit(
            (PackForm)reader.GetInt64(3), reader.GetInt64(4), reader.IsDBNull(5) ? 0 : reader.GetInt64(5) - CommitHeader.Size,
            reader.IsDBNull(6) ? 0 : reader.GetInt64(6), reader.IsDBNull(7) ? 0 : reader.GetInt64(7))), pack.Row)
        .ToDictionary(static row => row.Key, static row => row.Commit);

    /// <summary>Whether a commit is in one of some packs.</summary>
    public bool IsIn(CommitName commit, Digest hash, IReadOnlySet<long> rows) => database.Query(
        "SELECT pack FROM packed WHERE writer=? AND number=? AND hash=?", reader => reader.GetInt64(0), Blobs.Of(commit.Writer), commit.Number, hash.ToArray()).Exists(rows.Contains);

    /// <summary>
    /// A stub that something vouches for and whose end has passed, with the author whose line it is in, and the ledger height of the statement; the newest first, because each vouches for the
    /// one before. Null when there is none. The first commit of a writer counts whole or not at all, because verdicts rest on its ledger height.
    /// </summary>
    public (PublicId Author, CommitHeader Header, Digest Hash, long Height)? NextVouchedStub(long now)
    {
        foreach (var stub in database.Query(
            "SELECT v.author, s.header, s.hash, v.height FROM stubs s JOIN vouched v ON v.writer=s.writer AND v.number=s.number AND v.hash=s.hash WHERE s.number>1 ORDER BY s.number DESC",
            reader => (Author: reader.PublicId(0), Header: CommitHeader.Parse(reader.Bytes(1)), Hash: reader.Digest(2), Height: reader.GetInt64(3))))
        {
            if (stub.Header.Ends > 0 && stub.Header.Ends <= now)
                return stub;
        }
        return null;
    }

    /// <summary>When the records of a commit end that is here as a stub alone, in milliseconds since 1970; null when there is no stub of it.</summary>
    public long? EndOfStub(CommitLink link) => database.Query(
        "SELECT header FROM stubs WHERE writer=? AND number=? AND hash=?", static reader => CommitHeader.Parse(reader.Bytes(0)).Ends, Blobs.Of(link.Writer), link.Number, link.Hash.ToArray()) is [var end] ? end : null;

    /// <summary>Forgets a stub that is a commit of the index now.</summary>
    public void Adopted(CommitName name, Digest hash) =>
        database.Run("DELETE FROM stubs WHERE writer=? AND number=? AND hash=?", Blobs.Of(name.Writer), name.Number, hash.ToArray());
}

/// <summary>A pack that was read.</summary>
/// <param name="Row">Its row in the index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Heads">How much of it is not tails.</param>
/// <param name="IsVerified">Whether all of it was read back and is right.</param>
/// <param name="Lacks">An epoch of which a commit in it needs the key, which was not here when it was read; 0 for none.</param>
internal sealed record KnownPack(long Row, PackName Name, long Size, long Heads, bool IsVerified, long Lacks);

/// <summary>A commit as it is in a pack.</summary>
/// <param name="Form">What of it is there.</param>
/// <param name="TailLength">The bytes of its tail there.</param>
/// <param name="HeadLength">The bytes of its sealed head; 0 when the index does not know it.</param>
/// <param name="TailEnd">When the last body in its tail ends; 0 for never.</param>
/// <param name="End">When its last record ends; 0 for never.</param>
internal readonly record struct PackedCommit(PackForm Form, long TailLength, long HeadLength, long TailEnd, long End)
{
    /// <summary>Whether a body in its tail lives.</summary>
    public bool HasLivingTail(long now) => Form == PackForm.WithTail && !RecordEnds.HasPassed(TailEnd, now);
}
