using Coffer.Vaults.Commits;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Index;

/// <summary>
/// Keeps the verdicts of the index equal to what <see cref="LineJudge"/> says. A line whose beginning is plain is judged from its end on; any other one as a whole.
/// </summary>
internal sealed class VerdictKeeper(CommitTable commits, RecordTable records, StatusTable status, IFindingSink findings, PublicId me)
{
    /// <summary>Judges one line, after commits came, the ledger grew, or time passed. True when a block speaks about what was written on it before.</summary>
    public bool Judge(LedgerChain ledger, PublicId author, ulong writer, long now)
    {
        var (end, plain) = commits.End(author, writer);
        var prefix = plain && LineJudge.AllowsPrefix(ledger, author, writer, end) ? end : LinePrefix.Empty;
        var line = commits.Line(author, writer, prefix.Number);
        var judge = new LineJudge(ledger, author, writer, line, now, prefix);
        var verdicts = judge.Judge();
        var latest = HybridTime.BeforeAll;
        for (var i = 0; i < line.Count; i++)
        {
            Apply(author, writer, line[i], verdicts[i]);
            if (verdicts[i].Kind == VerdictKind.Accepted && line[i].Clock.CompareTo(latest) > 0)
                latest = line[i].Clock;
        }
        status.Accept(latest, isOwn: author == me);
        if (plain)
            commits.SetEnd(author, writer, judge.PlainEnd(verdicts), plain: true);
        return judge.IsSpokenOf;
    }

    /// <summary>Notes that a commit came for a number that was taken. When that is a number of the plain beginning, the line is judged as a whole from now on.</summary>
    public void Fork(CommitLink link)
    {
        var (end, plain) = commits.End(link.Author, link.Writer);
        if (plain && link.Number <= end.Number)
            commits.SetEnd(link.Author, link.Writer, LinePrefix.Empty, plain: false);
    }

    /// <summary>Lets a line be judged as a whole once more, also what was accepted.</summary>
    public void Reconsider(PublicId author, ulong writer)
    {
        if (commits.End(author, writer).Plain)
            commits.SetEnd(author, writer, LinePrefix.Empty, plain: true);
    }

    private void Apply(PublicId author, ulong writer, LineCommit commit, Verdict verdict)
    {
        var before = commit.Verdict;
        if (before == verdict)
            return;
        commits.SetVerdict(commit.Row, verdict);
        var counted = before.Kind == VerdictKind.Accepted;
        if (counted || verdict.Kind == VerdictKind.Accepted)
            records.Refresh(commit.Row, verdict.Kind == VerdictKind.Accepted, wasJudged: before.Reason != VerdictReason.None);
        if (verdict.Kind == VerdictKind.Refused)
            findings.Report(VerdictReport.Of(author, new CommitName(writer, commit.Number), commit.Hash, verdict.Reason, counted));
        else if (verdict.Reason == VerdictReason.Clock)
            findings.Report(VerdictReport.OfClock(author, new CommitName(writer, commit.Number), commit.Clock));
    }
}
