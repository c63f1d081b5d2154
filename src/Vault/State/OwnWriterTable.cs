using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.State;

/// <summary>The writers of this device, and the exact bytes of every commit of theirs.</summary>
internal sealed class OwnWriterTable(LocalDatabase database)
{
    /// <summary>A writer that may still go on.</summary>
    /// <param name="Id">Its random id.</param>
    /// <param name="SinceHeight">The ledger height at which it began: a cut-off of its author after that ends it.</param>
    public sealed record OwnWriter(ulong Id, long SinceHeight);

    /// <summary>A commit as it is sent.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Hash">Its hash.</param>
    /// <param name="Deadline">The moment, by <see cref="VaultDevice.StoreNow"/>, after which no attempt to send it begins, because an object that it names grows too old; <see cref="long.MaxValue"/> for none.</param>
    /// <param name="Bytes">Its exact bytes.</param>
    public sealed record OwnCommit(long Number, Digest Hash, long Deadline, byte[] Bytes);

    public List<OwnWriter> Usable() => database.Query(
        "SELECT id, since_height FROM own_writers WHERE retired=0 ORDER BY id", reader => new OwnWriter(reader.U64(0), reader.GetInt64(1)));

    public bool IsUsable(ulong id) => database.Scalar("SELECT 1 FROM own_writers WHERE id=? AND retired=0", Blobs.Of(id)) is not null;

    public bool IsOwn(ulong id) => database.Scalar("SELECT 1 FROM own_writers WHERE id=?", Blobs.Of(id)) is not null;

    public void Add(OwnWriter writer) =>
        database.Run("INSERT INTO own_writers(id, since_height, retired) VALUES(?,?,0)", Blobs.Of(writer.Id), writer.SinceHeight);

    public void Retire(ulong id) => database.Run("UPDATE own_writers SET retired=1 WHERE id=?", Blobs.Of(id));

    public void RetireAll() => database.Run("UPDATE own_writers SET retired=1");

    public OwnCommit? Last(ulong writer) => database.Query(
        "SELECT number, hash, deadline, bytes FROM own_commits WHERE writer=? ORDER BY number DESC LIMIT 1",
        reader => new OwnCommit(reader.GetInt64(0), reader.Digest(1), reader.GetInt64(2), reader.Bytes(3)), Blobs.Of(writer)).FirstOrDefault();

    /// <summary>The exact bytes of a commit of this device; null when it is none.</summary>
    public byte[]? BytesOf(Commits.CommitName name, Digest hash) => database.Query(
        "SELECT bytes FROM own_commits WHERE writer=? AND number=? AND hash=?", reader => reader.Bytes(0), Blobs.Of(name.Writer), name.Number, hash.ToArray()).FirstOrDefault();

    public void Save(ulong writer, OwnCommit commit) => database.Run(
        "INSERT INTO own_commits(writer, number, hash, deadline, bytes) VALUES(?,?,?,?,?)", Blobs.Of(writer), commit.Number, commit.Hash.ToArray(), commit.Deadline, commit.Bytes);

    /// <summary>Forgets a commit that is known not to be on the store, and never to come there.</summary>
    public void Drop(ulong writer, long number) => database.Run("DELETE FROM own_commits WHERE writer=? AND number=?", Blobs.Of(writer), number);

    /// <summary>Whether the record at this place in the total order was written again. What that made may be cut off too, and then has a place of its own.</summary>
    public bool WasRewritten(byte[] place) => database.Scalar("SELECT 1 FROM rewritten WHERE place=?", place) is not null;

    public void MarkRewritten(byte[] place) => database.Run("INSERT INTO rewritten(place) VALUES(?) ON CONFLICT DO NOTHING", place);
}
