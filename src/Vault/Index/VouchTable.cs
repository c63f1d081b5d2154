using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;

namespace Coffer.Vaults.Index;

/// <summary>
/// What this device has yet to report in its own seen-lists, what signed statements vouch for and is not here, and what did not open.
/// </summary>
internal sealed class VouchTable(LocalDatabase database)
{
    /// <summary>What does not open for lack of a key is no absence, when it is just what was vouched for: its hash tells that without opening it.</summary>
    private const string IsNotThere = """
        NOT EXISTS(SELECT 1 FROM unopened u WHERE u.writer=v.writer AND u.number=v.number AND u.hash=v.hash AND u.epoch>=0)
            AND NOT EXISTS(SELECT 1 FROM packed p JOIN packs k ON k.id=p.pack WHERE p.writer=v.writer AND p.number=v.number AND p.hash=v.hash AND k.lacks<>0)
        """;

    /// <summary>A commit that somebody vouches for and that is not known.</summary>
    /// <param name="Link">The commit.</param>
    /// <param name="Voucher">Who says that it exists, in words.</param>
    /// <param name="Height">The ledger height of that statement: what a later block cut off, it does not vouch for.</param>
    /// <param name="Missed">When a complete listing first lacked it, in local milliseconds; null when none did yet.</param>
    public sealed record Missing(CommitLink Link, string Voucher, long Height, long? Missed);

    /// <summary>Notes a commit of somebody else for the next seen-list. What it chains from needs no report any more.</summary>
    public void NoteUnreported(CommitLink link, CommitLink? replaces, long since)
    {
        var replaced = replaces is null ? 0 : database.Run("UPDATE unreported SET number=?, hash=?, since=MIN(since, ?) WHERE author=? AND writer=? AND number=? AND hash=?",
            link.Number, link.Hash.ToArray(), since, replaces.Author.Bytes.ToArray(), Blobs.Of(replaces.Writer), replaces.Number, replaces.Hash.ToArray());
        if (replaced > 0)
            return;
        database.Run("INSERT INTO unreported(author, writer, number, hash, since) VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING",
            link.Author.Bytes.ToArray(), Blobs.Of(link.Writer), link.Number, link.Hash.ToArray(), since);
    }

    /// <summary>What the next commit reports, in the order of the format: those that wait longest, up to <paramref name="most"/>.</summary>
    public List<CommitLink> Unreported(int most)
    {
        var links = database.Query(
            "SELECT author, writer, number, hash FROM unreported ORDER BY since, author, writer, number LIMIT ?",
            reader => new CommitLink(reader.PublicId(0), reader.U64(1), reader.GetInt64(2), reader.Digest(3)), (long)most);
        links.Sort();
        return links;
    }

    public void Reported(CommitLink link) => database.Run("DELETE FROM unreported WHERE author=? AND writer=? AND number=? AND hash=?",
        link.Author.Bytes.ToArray(), Blobs.Of(link.Writer), link.Number, link.Hash.ToArray());

    public void NoteVouched(CommitLink link, string voucher, long height) => database.Run(
        "INSERT INTO vouched(author, writer, number, hash, voucher, height) VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET height=MAX(height, excluded.height)",
        link.Author.Bytes.ToArray(), Blobs.Of(link.Writer), link.Number, link.Hash.ToArray(), voucher, height);

    public void Arrived(CommitLink link) => database.Run("DELETE FROM vouched WHERE author=? AND writer=? AND number=? AND hash=?",
        link.Author.Bytes.ToArray(), Blobs.Of(link.Writer), link.Number, link.Hash.ToArray());

    /// <summary>Whether a commit is vouched for that would stand under this name, and is not here.</summary>
    public bool IsMissing(CommitName name) => database.Scalar($"SELECT 1 FROM vouched v WHERE v.writer=? AND v.number=? AND {IsNotThere} LIMIT 1", Blobs.Of(name.Writer), name.Number) is not null;

    public List<Missing> AllMissing() => database.Query(
        $"SELECT author, writer, number, hash, voucher, height, missed FROM vouched v WHERE {IsNotThere} ORDER BY author, writer, number, hash",
        reader => new Missing(
            new CommitLink(reader.PublicId(0), reader.U64(1), reader.GetInt64(2), reader.Digest(3)), reader.GetString(4), reader.GetInt64(5),
            reader.IsDBNull(6) ? null : reader.GetInt64(6)));

    public void SetMissed(CommitLink link, long missed) => database.Run("UPDATE vouched SET missed=? WHERE author=? AND writer=? AND number=? AND hash=? AND missed IS NULL",
        missed, link.Author.Bytes.ToArray(), Blobs.Of(link.Writer), link.Number, link.Hash.ToArray());

    /// <summary>Notes an object that did not open, to be tried again when its epoch's key comes.</summary>
    public void NoteUnopened(CommitName name, byte[] hash, long epoch, string reason) => database.Run(
        "INSERT INTO unopened(writer, number, hash, epoch, reason) VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET hash=excluded.hash, epoch=excluded.epoch, reason=excluded.reason",
        Blobs.Of(name.Writer), name.Number, hash, epoch, reason);

    public void Opened(CommitName name) => database.Run("DELETE FROM unopened WHERE writer=? AND number=?", Blobs.Of(name.Writer), name.Number);

    /// <summary>Whether an object was read before and did not open, with the epoch that it states.</summary>
    public long? UnopenedEpoch(CommitName name) => database.Scalar("SELECT epoch FROM unopened WHERE writer=? AND number=?", Blobs.Of(name.Writer), name.Number) as long?;
}
