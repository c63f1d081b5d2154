using Coffer.Vaults.State;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Pending;

/// <summary>
/// Chooses which entries of the queue are sent together, in one commit and with bodies that share objects: what failed least goes first, and of one path what was accepted first. A large one goes by itself.
/// </summary>
internal sealed class SendGroups(PendingTable table)
{
    /// <summary>So many bytes of contents go together; a larger entry goes by itself.</summary>
    private const long MostBytes = 16 << 20;

    /// <summary>Each one keeps its spool file open meanwhile.</summary>
    private const int MostSpooled = 100;

    private const int PageSize = 256;

    private long? _lookedUpTo;

    /// <summary>Something has changed, other than that more was accepted: what was passed over may be sent now.</summary>
    public void LookAgain() => _lookedUpTo = null;

    /// <summary>The next group, in the order in which it is to be committed; empty when nothing can be started beside what is on its way.</summary>
    /// <param name="now">Local time in milliseconds.</param>
    /// <param name="most">The most entries of it.</param>
    /// <param name="isSending">Whether an entry is on its way.</param>
    /// <param name="takesSmall">Whether entries may go that share a group.</param>
    /// <param name="takesLarge">Whether an entry may go that goes by itself.</param>
    public List<PendingTable.Candidate> Next(long now, int most, Predicate<long> isSending, bool takesSmall, bool takesLarge)
    {
        var group = new Group();
        if (!takesSmall && !takesLarge)
            return group.Entries;
        var end = table.Last;
        for (var page = Page(now, null); page.Count > 0; page = Page(now, page[^1]))
        {
            foreach (var entry in page)
            {
                var fits = IsLarge(entry) ? takesLarge && group.Entries.Count == 0 : takesSmall;
                if (!fits || isSending(entry.Id) || !table.Ahead(entry.Id, now).TrueForAll(group.Ids.Contains))
                    continue;
                if (group.Entries.Count > 0 && !group.HasRoomFor(entry))
                    return group.InOrder();
                group.Add(entry);
                if (IsLarge(entry) || group.Entries.Count == most)
                    return group.InOrder();
            }
        }
        // What was passed over waits for something that is on its way, so it need not be looked at for each write that is accepted meanwhile.
        _lookedUpTo = end;
        return group.InOrder();
    }

    private List<PendingTable.Candidate> Page(long now, PendingTable.Candidate? after) =>
        _lookedUpTo is { } seen ? table.DueAbove(Math.Max(seen, after?.Id ?? 0), now, PageSize) : table.Due(now, after, PageSize);

    /// <summary>Whether an entry goes by itself.</summary>
    public static bool IsLarge(PendingTable.Candidate entry) => entry.Size > MostBytes;

    private sealed class Group
    {
        private long _bytes;
        private long _head;
        private int _spooled;

        public List<PendingTable.Candidate> Entries { get; } = [];

        public HashSet<long> Ids { get; } = [];

        public bool HasRoomFor(PendingTable.Candidate entry) =>
            _bytes + entry.Size <= MostBytes && _head + entry.Head <= CommitBuilder.MaxSharedHead && _spooled + (entry.IsSpooled ? 1 : 0) <= MostSpooled;

        public void Add(PendingTable.Candidate entry)
        {
            Entries.Add(entry);
            Ids.Add(entry.Id);
            _bytes += entry.Size;
            _head += entry.Head;
            _spooled += entry.IsSpooled ? 1 : 0;
        }

        public List<PendingTable.Candidate> InOrder()
        {
            Entries.Sort(static (left, right) => left.Id.CompareTo(right.Id));
            return Entries;
        }
    }
}
