using Coffer.Vaults.Commits;
using Coffer.Vaults.Index;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Verdicts;
using Coffer.Vaults.Verdicts;
using Xunit;

namespace Coffer.Vaults.Tests.Index;

/// <summary>Whatever comes when: the index ends as the format says.</summary>
public class ImportPropertyTests
{
    private const int Histories = 60;
    private static readonly string[] Paths = ["file 0", "file 1", "file 2", "file 3"];

    [Fact]
    public void The_same_commits_and_blocks_in_any_order_and_in_any_batches_give_the_same_index()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new RandomHistory(seed);
            using var index = new IndexedDevice();
            var left = new Queue<Commit>(history.Shuffled(history.Commits));
            var height = 1L;
            while (left.Count > 0 || height < history.Ledger.Height)
            {
                if (history.Chance(2))
                    height = Math.Min(history.Ledger.Height, height + history.Below(4));
                var batch = new List<Commit>();
                for (var size = history.Below(5); size > 0 && left.Count > 0; size--)
                    batch.Add(left.Dequeue());
                index.Import(history.Ledger.UpTo(height), batch);
                CheckFeed(seed, index);
            }
            Check(seed, history, index);
        }
    }

    private static void Check(int seed, RandomHistory history, IndexedDevice index)
    {
        var accepted = new List<Commit>();
        foreach (var line in history.Lines)
        {
            var known = VerdictPropertyTests.Sorted(line.Commits.Select(LineCommit.Of));
            var oracle = new VerdictOracle(history.Ledger.Chain, line.Author, line.Writer, known, Line.Now);
            foreach (var commit in line.Commits)
            {
                var expected = oracle.Judge(known.Single(one => one.Hash == commit.Hash));
                Assert.True(expected == index.Verdict(commit), $"seed {seed}: {commit.Link} is {index.Verdict(commit)} and not {expected}");
                if (expected == Verdict.Accepted)
                    accepted.Add(commit);
            }
        }
        var counting = Counting(accepted);
        foreach (var path in Paths)
        {
            var versions = counting.Where(one => one.Record.Space == Spaces.Files && one.Record.Path == path).Select(one => Convert.ToHexString(one.Place)).ToList();
            Assert.True(versions.SequenceEqual(index.Versions(path).Select(row => Convert.ToHexString(row.Place))), $"seed {seed}, {path}");
            Assert.True((index.Newest(path) is { } newest ? Convert.ToHexString(newest.Place) : null) == versions.LastOrDefault(), $"seed {seed}, {path}");
        }
    }

    /// <summary>What counts by the format, in its order, found without the index.</summary>
    private static List<(FileRecord Record, byte[] Place)> Counting(List<Commit> accepted)
    {
        var ordered = accepted
            .SelectMany(commit => commit.Head.Records.Select((record, i) => (Commit: commit, Record: record, Index: i)))
            .OrderBy(one => one.Commit.Header.Clock.Value)
            .ThenBy(one => Convert.ToHexString(one.Commit.Head.Author.Bytes), StringComparer.Ordinal)
            .ThenBy(one => one.Commit.Header.Writer)
            .ThenBy(one => one.Commit.Header.Number)
            .ThenBy(one => one.Index);
        var seen = new HashSet<(PublicId, UInt128)>();
        var counting = new List<(FileRecord, byte[])>();
        foreach (var (commit, record, i) in ordered)
        {
            if (record is FileRecord file && seen.Add((commit.Head.Author, file.Id)))
                counting.Add((file, Place.Of(commit, i)));
        }
        return counting;
    }

    /// <summary>Each record is applied once, and then withdrawn and restored in turn; what is in at the end is what counts.</summary>
    private static void CheckFeed(int seed, IndexedDevice index)
    {
        foreach (var space in (long[])[Spaces.Files, Spaces.Members])
        {
            var state = new SortedDictionary<long, ChangeKind>();
            var paths = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var (kind, row) in index.Changes(space))
            {
                ChangeKind? before = state.TryGetValue(row.Row, out var known) ? known : null;
                Assert.True(
                    kind switch
                    {
                        ChangeKind.Applied => before is null,
                        ChangeKind.Withdrawn => before is ChangeKind.Applied or ChangeKind.Restored,
                        _ => before is ChangeKind.Withdrawn,
                    },
                    $"seed {seed}: {kind} after {before}");
                state[row.Row] = kind;
                paths.Add(row.Path);
            }
            var counting = paths.SelectMany(path => index.Versions(path, space)).Select(row => row.Row).Order();
            Assert.True(counting.SequenceEqual(state.Where(row => row.Value != ChangeKind.Withdrawn).Select(row => row.Key)), $"seed {seed}");
        }
    }
}
