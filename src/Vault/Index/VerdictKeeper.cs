using Coffer.Vaults.Commits;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Verdicts;

namespace Coffer.Vaults.Index;

/// <summary>
/// Keeps the verdicts of the index equal to what <see cref="LineJudge"/> says. A line whose beginning is plain is judged from its end on; any other one as a whole.
/// </summary>
internal sealed class VerdictKeeper(CommitTable commits, RecordTable records, StatusTable status, IFindingSink findings)
{
    /// <summary>Judges one line, after commits came, the ledger grew, or time passed.</summary>
    public void Judge(LedgerChain ledger, PublicId author, ulong writer, long now)
    {
        var (end, plain) = commits.End(author, writer);
        plain = plain && LineJudge.AllowsPrefix(ledger, author, writer, end);
        var prefix = plain ? end : LinePrefix.Empty;
        var line = commits.Line(author, writer, prefix.Number);
        var verdicts = new LineJudge(ledger, author, writer, line, now, prefix).Judge();
        for (var i = 0; i < line.Count; i++)
            Apply(author, writer, line[i], verdicts[i]);
        KeepEnd(author, writer, prefix, plain, line, verdicts);
    }

    /// <summary>Notes that a commit came for a number that was taken: the line must be judged as a whole from now on.</summary>
    public void Fork(PublicId author, ulong writer) => commits.SetEnd(author, writer, LinePrefix.Empty, plain: false);

    private void Apply(PublicId author, ulong writer, LineCommit commit, Verdict verdict)
    {
        var before = commit.Verdict;
        if (before == verdict)
            return;
        commits.SetVerdict(commit.Row, verdict);
        var counted = before.Kind == VerdictKind.Accepted;
        if (counted || verdict.Kind == VerdictKind.Accepted)
            records.Refresh(commit.Row, counted);
        if (verdict.Kind == VerdictKind.Accepted)
            status.Accept(commit.Clock);
        else if (verdict.Kind == VerdictKind.Refused)
            findings.Report(VerdictReport.Of(author, new CommitName(writer, commit.Number), commit.Hash, verdict.Reason, counted));
        else if (verdict.Reason == VerdictReason.Clock)
            findings.Report(VerdictReport.OfClock(author, new CommitName(writer, commit.Number), commit.Clock));
    }

    private void KeepEnd(PublicId author, ulong writer, LinePrefix end, bool plain, List<LineCommit> line, Verdict[] verdicts)
    {
        for (var i = 0; i < line.Count; i++)
        {
            plain = plain && verdicts[i].Kind == VerdictKind.Accepted;
            if (!plain)
                break;
            end = new LinePrefix(line[i].Number, line[i].Hash, line[i].Clock, line[i].Height) { Began = Math.Min(end.Began, line[i].Height) };
        }
        commits.SetEnd(author, writer, end, plain);
    }
}
