using System.Numerics;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Index;

namespace Coffer.Vaults.Packs;

/// <summary>What goes into which pack. Pure, so that peers who see the same do the same.</summary>
internal static class PackPlan
{
    /// <summary>With more commits in no pack than these, none waits for its segment to end.</summary>
    public const int MostLoose = 1_000;

    /// <summary>Fewer commits than these wait for more: a pack of one saves nobody a request.</summary>
    public const int LeastPacked = 4;

    /// <summary>So many packs of about one size become one.</summary>
    private const int Mergers = 4;

    /// <summary>Packs up to this size are of one class; each further class is four times as large.</summary>
    private const long SmallestClass = 64 << 10;

    /// <summary>The commits that may be packed now.</summary>
    /// <param name="loose">Those that are in no pack that counts.</param>
    /// <param name="segment">The vault's segment interval.</param>
    /// <param name="now">Now.</param>
    public static List<PackableCommit> Eligible(IReadOnlyList<PackableCommit> loose, TimeSpan segment, DateTimeOffset now)
    {
        var wait = segment < TimeSpan.FromHours(1) ? segment : TimeSpan.FromHours(1);
        var eligible = loose.Count > MostLoose ? loose.ToList() : loose.Where(commit => HasEnded(commit.Clock.Milliseconds, segment, wait, now)).ToList();
        return eligible.Count < LeastPacked ? [] : eligible;
    }

    /// <summary>Cuts commits into packs, in the order of their clocks.</summary>
    public static List<List<PackableCommit>> Cut(IReadOnlyList<PackableCommit> commits)
    {
        var cut = new List<List<PackableCommit>>();
        var (heads, size) = (0L, 0L);
        foreach (var commit in commits.Where(static commit => commit.TailOffset <= PackCodec.MaxHeads - PackCodec.EntryRoom).OrderBy(static commit => commit.Clock).ThenBy(static commit => commit.Name))
        {
            var head = (long)commit.TailOffset + PackCodec.EntryRoom;
            var whole = head + CommitHeader.MaxTail;
            if (cut.Count == 0 || heads + head > PackCodec.MaxHeads || size + whole > PackCodec.MaxSize)
            {
                cut.Add([]);
                (heads, size) = (PackCodec.EntryRoom, PackCodec.EntryRoom);
            }
            cut[^1].Add(commit);
            (heads, size) = (heads + head, size + whole);
        }
        return cut;
    }

    /// <summary>Packs that are to become one: as soon as there are so many of about one size, so that their number grows with the logarithm of the time and with the data.</summary>
    /// <param name="standing">The packs that nothing replaces.</param>
    public static List<List<KnownPack>> Merges(IReadOnlyList<KnownPack> standing)
    {
        var merges = new List<List<KnownPack>>();
        foreach (var group in standing.GroupBy(ClassOf).OrderBy(static group => group.Key))
        {
            if (group.Count() < Mergers)
                continue;
            var (heads, size) = (0L, 0L);
            var current = new List<KnownPack>();
            foreach (var pack in group.OrderBy(static pack => pack.Name))
            {
                if (heads + pack.Heads > PackCodec.MaxHeads || size + pack.Size > PackCodec.MaxSize)
                {
                    merges.Add(current);
                    current = [];
                    (heads, size) = (0, 0);
                }
                current.Add(pack);
                (heads, size) = (heads + pack.Heads, size + pack.Size);
            }
            merges.Add(current);
        }
        return merges.FindAll(static merge => merge.Count > 1);
    }

    private static int ClassOf(KnownPack pack) => BitOperations.Log2((ulong)Math.Max(1, pack.Size / SmallestClass)) / 2;

    private static bool HasEnded(long clock, TimeSpan segment, TimeSpan wait, DateTimeOffset now)
    {
        var interval = (long)segment.TotalMilliseconds;
        return clock - (clock % interval) + interval + (long)wait.TotalMilliseconds <= now.ToUnixTimeMilliseconds();
    }
}
