using Coffer.Vaults.Commits;
using Coffer.Vaults.Databases;

namespace Coffer.Vaults.State;

/// <summary>The newest commit of every line that this device has seen accepted. A store that does not have it any more, or has another, is found out.</summary>
internal sealed class PinTable(LocalDatabase database)
{
    /// <param name="link">The newest commit of its line that counts.</param>
    /// <param name="fallBack">Whether the pin may go back to it, because a block says that what follows counts for nobody.</param>
    public void Set(CommitLink link, bool fallBack) => database.Run(
        """
        INSERT INTO pins(author, writer, number, hash) VALUES(?,?,?,?)
        ON CONFLICT DO UPDATE SET number=excluded.number, hash=excluded.hash WHERE excluded.number>number OR ?
        """,
        link.Author.Bytes.ToArray(), Blobs.Of(link.Writer), link.Number, link.Hash.ToArray(), fallBack ? 1L : 0L);

    public void Remove(PublicId author, ulong writer) => database.Run("DELETE FROM pins WHERE author=? AND writer=?", author.Bytes.ToArray(), Blobs.Of(writer));

    public List<CommitLink> All() => database.Query(
        "SELECT author, writer, number, hash FROM pins ORDER BY author, writer", reader => new CommitLink(reader.PublicId(0), reader.U64(1), reader.GetInt64(2), reader.Digest(3)));
}
