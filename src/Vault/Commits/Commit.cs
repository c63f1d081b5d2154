using Coffer.Vaults.Encoding;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Commits;

/// <summary>A commit that was opened, and whose signature holds; or a stub that such a one vouches for.</summary>
internal sealed record Commit(CommitHeader Header, CommitHead Head, Digest Hash)
{
    /// <summary>The end of a tail that is not there: before all times.</summary>
    public const long NoTail = -1;

    /// <summary>The ledger height of a stub. No commit can state it.</summary>
    public const long UnknownHeight = -1;

    /// <summary>Whether only the hash of the head was there, because everything in it has ended: then its ledger height is not known.</summary>
    public bool IsStub => Head.LedgerHeight == UnknownHeight;

    /// <summary>When the last body in the tail ends, in milliseconds since 1970: 0 for never, and <see cref="NoTail"/> when there is none.</summary>
    public long TailEnd => Bodies.Where(static body => body.Pieces.Any(static piece => piece.Object is null)).Select(static body => body.End).Aggregate(NoTail, RecordEnds.Later);

    /// <summary>Whether a body in the tail lives.</summary>
    public bool HasLivingTail(long now) => !RecordEnds.HasPassed(TailEnd, now);

    /// <summary>The bodies of all records.</summary>
    public IEnumerable<StoredBody> Bodies => Head.Records.OfType<VersionRecord>().Select(static record => record.Stored).OfType<StoredBody>();

    public CommitLink Link => new(Head.Author, Header.Writer, Header.Number, Hash);
}
