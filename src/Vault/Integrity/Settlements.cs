using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Integrity;

/// <summary>Finds the lines of commits that an admin may settle, and what the settling would say.</summary>
internal sealed class Settlements(VaultDevice device, Synchronizer sync)
{
    /// <summary>All lines of which something is missing on the store now, though it may be known here, or that are forked, by author and writer.</summary>
    public async Task<IReadOnlyList<UnsettledWriter>> FindAsync(CancellationToken cancellationToken)
    {
        await sync.SyncAtOnceAsync(cancellationToken);
        var check = new CommitCheck(device, sync, deep: false);
        await check.RunAsync(cancellationToken);
        var missing = new MissingWatch(device).MissingLinks().Concat(check.Gone).Distinct().ToLookup(static link => (link.Author, link.Writer));
        var lines = new SortedSet<(PublicId Author, ulong Writer)>(missing.Select(static line => line.Key));
        lines.UnionWith(device.Commits.ForkedLines());
        return [.. lines.Select(line => Of(line.Author, line.Writer, [.. missing[line]])).Where(static line => line.Chains.Count > 0)];
    }

    /// <summary>What the block would say of a chain.</summary>
    public static LedgerIntent IntentOf(UnsettledWriter line, WriterChain chain) => new SettleIntent(
        line.Author,
        Base32Hex.TryParse(line.Writer, out ulong writer) ? writer : throw new ArgumentException($"'{line.Writer}' is no writer.", nameof(line)),
        chain.Last,
        new Digest(Convert.FromHexString(chain.Hash)),
        [.. chain.Lost.Select(static range => new NumberRange(range.First, range.Last))]);

    private UnsettledWriter Of(PublicId author, ulong writer, IReadOnlyList<CommitLink> missing)
    {
        var gone = missing.Select(static link => link.Hash).ToHashSet();
        var known = device.Commits.Line(author, writer, after: 0).FindAll(commit => !gone.Contains(commit.Hash));
        var byHash = known.ToDictionary(static commit => commit.Hash);
        var followed = known.Select(static commit => commit.Previous).ToHashSet();
        var numbers = known.Select(static commit => commit.Number).Distinct().Order().ToList();
        var isForked = numbers.Count < known.Count;
        // What is missing behind all that is known ends the line too: its hash is vouched for.
        var ends = known.Where(commit => !followed.Contains(commit.Hash) && (isForked || commit.Number == numbers[^1])).Select(static commit => (commit.Number, commit.Hash)).ToList();
        if (!isForked && missing.MaxBy(static link => link.Number) is { } last && (numbers.Count == 0 || last.Number > numbers[^1]))
            ends = [(last.Number, last.Hash)];
        return new UnsettledWriter(author, Base32Hex.Format(writer), [.. ends.Select(end => Chain(end.Number, end.Hash, byHash, numbers))]);
    }

    /// <summary>A chain from its end down. Where it breaks off, what is known by its number stays on it, and the rest is lost.</summary>
    private static WriterChain Chain(long number, Digest hash, Dictionary<Digest, LineCommit> byHash, List<long> numbers)
    {
        var on = new HashSet<long>();
        LineCommit? newest = null;
        var at = (Number: number, Hash: hash);
        while (byHash.TryGetValue(at.Hash, out var commit))
        {
            newest ??= commit;
            on.Add(commit.Number);
            at = (commit.Number - 1, commit.Previous);
        }
        foreach (var below in numbers.Where(below => below < at.Number))
            on.Add(below);
        return new WriterChain(number, hash.ToString(), on.Count, newest?.Clock.Time, Gaps(on, number));
    }

    private static List<CommitRange> Gaps(HashSet<long> on, long last)
    {
        var gaps = new List<CommitRange>();
        var next = 1L;
        foreach (var number in on.Order().Append(last + 1))
        {
            if (number > next)
                gaps.Add(new CommitRange(next, number - 1));
            next = number + 1;
        }
        return gaps;
    }
}
