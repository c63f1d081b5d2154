using Coffer.Vaults.Verdicts;
using Xunit;

namespace Coffer.Vaults.Tests.Verdicts;

/// <summary>Over many small histories, each of which follows from its seed, so that a failure is had again.</summary>
public class VerdictPropertyTests
{
    private const int Histories = 3_000;

    [Fact]
    public void The_verdicts_are_those_of_the_format_whatever_is_known()
    {
        var seen = new SortedDictionary<VerdictReason, int>();
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new RandomHistory(seed);
            var ledger = history.Ledger.UpTo(1 + history.Below((int)history.Ledger.Height));
            foreach (var line in history.Lines)
            {
                var known = Sorted(line.Commits.Where(_ => !history.Chance(8)).Select(LineCommit.Of));
                var oracle = new VerdictOracle(ledger, line.Author, line.Writer, known, Line.Now);
                var verdicts = new LineJudge(ledger, line.Author, line.Writer, known, Line.Now).Judge();
                for (var i = 0; i < known.Count; i++)
                {
                    Assert.True(oracle.Judge(known[i]) == verdicts[i], $"seed {seed}, {line.Writer}/{known[i].Number}: {verdicts[i]} and not {oracle.Judge(known[i])}");
                    seen[verdicts[i].Reason] = seen.GetValueOrDefault(verdicts[i].Reason) + 1;
                }
            }
        }
        Assert.Equal(Enum.GetValues<VerdictReason>(), seen.Keys);
        Assert.All(seen, reason => Assert.True(reason.Value > 20, $"{reason.Key} was seen {reason.Value} times"));
    }

    [Fact]
    public void What_follows_a_plain_beginning_is_judged_as_if_all_were_judged()
    {
        var shortcuts = 0;
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new RandomHistory(seed);
            foreach (var line in history.Lines)
            {
                var all = Sorted(line.Commits.Select(LineCommit.Of));
                var height = 1L;
                var prefix = LinePrefix.Empty;
                while (height < history.Ledger.Height)
                {
                    height += 1 + history.Below((int)(history.Ledger.Height - height));
                    var ledger = history.Ledger.UpTo(height);
                    if (!LineJudge.AllowsPrefix(ledger, line.Author, line.Writer, prefix))
                        prefix = LinePrefix.Empty;
                    var rest = all.Where(commit => commit.Number > prefix.Number).ToList();
                    var judge = new LineJudge(ledger, line.Author, line.Writer, rest, Line.Now, prefix);
                    var verdicts = judge.Judge();
                    var whole = new LineJudge(ledger, line.Author, line.Writer, all, Line.Now).Judge();
                    Assert.True(whole.AsSpan(all.Count - rest.Count).SequenceEqual(verdicts), $"seed {seed}, writer {line.Writer}, height {height}");
                    shortcuts += prefix.Number > 0 ? 1 : 0;
                    prefix = judge.PlainEnd(verdicts);
                }
            }
        }
        Assert.True(shortcuts > Histories / 10, $"{shortcuts} shortcuts");
    }

    internal static List<LineCommit> Sorted(IEnumerable<LineCommit> commits) => [.. commits.OrderBy(commit => commit.Number).ThenBy(commit => commit.Hash)];
}
