using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.Records;

namespace Coffer.Vaults.Packs;

/// <summary>Which packs are replaced by which (format, section 11). The order hangs on content alone, so all peers agree.</summary>
internal sealed class PackOrder(PackTable packs, long now)
{
    private readonly Dictionary<long, Dictionary<(CommitName Name, Digest Hash), PackedCommit>> _contents = [];

    /// <summary>Whether one single pack replaces another: it has all its commits, every living tail of it, and more commits, or as many and comes later.</summary>
    public bool Replaces(KnownPack later, KnownPack earlier)
    {
        if (later.Row == earlier.Row || later.Name.From.CompareTo(earlier.Name.From) > 0 || later.Name.To.CompareTo(earlier.Name.To) < 0)
            return false;
        var (more, fewer) = (ContentsOf(later), ContentsOf(earlier));
        if (fewer.Count > more.Count || (fewer.Count == more.Count && !IsLater(later, earlier)))
            return false;
        foreach (var (key, old) in fewer)
        {
            if (!more.TryGetValue(key, out var kept) || !CanStandFor(kept, old))
                return false;
        }
        return true;
    }

    /// <summary>The packs that none of the others replaces.</summary>
    public List<KnownPack> Standing(IReadOnlyCollection<KnownPack> all) => [.. all.Where(pack => !all.Any(other => Replaces(other, pack)))];

    /// <summary>What is in a pack.</summary>
    public Dictionary<(CommitName Name, Digest Hash), PackedCommit> ContentsOf(KnownPack pack)
    {
        if (!_contents.TryGetValue(pack.Row, out var contents))
            _contents.Add(pack.Row, contents = packs.Contents(pack));
        return contents;
    }

    private static bool IsLater(KnownPack left, KnownPack right) => left.Size != right.Size ? left.Size < right.Size : left.Name.CompareTo(right.Name) > 0;

    private bool CanStandFor(PackedCommit kept, PackedCommit old) =>
        (kept.Form != PackForm.Stub || old.Form == PackForm.Stub || RecordEnds.HasPassed(kept.End, now)) && (kept.Form == PackForm.WithTail || !old.HasLivingTail(now));
}
