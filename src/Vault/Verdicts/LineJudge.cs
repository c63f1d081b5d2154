using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.Verdicts;

/// <summary>
/// What counts (format, section 9): the verdicts on the commits of one line, a pure function of the commits, their chain, the ledger and the time, never of the order in
/// which they came.
/// </summary>
internal sealed class LineJudge
{
    /// <summary>How far ahead of the reader's clock a commit may be.</summary>
    public const long MostAheadMilliseconds = 5 * 60 * 1000;

    private readonly LedgerChain _ledger;
    private readonly PublicId _author;
    private readonly LineChains _chains;
    private readonly IReadOnlyList<LineCommit> _commits;
    private readonly IReadOnlyList<CutOff> _cutOffs;
    private readonly Settle? _settle;
    private readonly ulong _writer;
    private readonly long _began;
    private readonly long _now;

    /// <param name="ledger">The ledger as far as it is known.</param>
    /// <param name="author">The line's author.</param>
    /// <param name="writer">The line's writer.</param>
    /// <param name="commits">Every validly signed commit of it that is known, behind <paramref name="prefix"/>, by number.</param>
    /// <param name="now">Local time, in milliseconds since 1970.</param>
    /// <param name="prefix">The plain beginning of the line. Only where <see cref="AllowsPrefix"/> says so.</param>
    public LineJudge(LedgerChain ledger, PublicId author, ulong writer, IReadOnlyList<LineCommit> commits, long now, LinePrefix? prefix = null)
    {
        _ledger = ledger;
        _author = author;
        _writer = writer;
        _commits = commits;
        _now = now;
        _cutOffs = ledger.CutOffsOf(author);
        _settle = ledger.SettlesOf(author, writer) is { Count: > 0 } settles ? settles[^1] : null;
        var begin = prefix ?? LinePrefix.Empty;
        _began = commits.Aggregate(begin.Began, (least, commit) => Math.Min(least, commit.Height));
        _chains = new LineChains(commits, begin, _settle);
    }

    /// <summary>Whether the prefix of a line may stand for it: nothing in the ledger looks back at it.</summary>
    public static bool AllowsPrefix(LedgerChain ledger, PublicId author, ulong writer, LinePrefix prefix) =>
        (ledger.CutOffsOf(author) is not [.., var last] || last.Height <= prefix.Began) && ledger.SettlesOf(author, writer).Count == 0;

    /// <summary>The verdicts, in the order of the commits.</summary>
    public Verdict[] Judge()
    {
        var verdicts = new Verdict[_commits.Count];
        var offChain = new HashSet<Digest>();
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = Judge(_commits[i], offChain);
            if (verdicts[i].Reason == VerdictReason.OffChain)
                offChain.Add(_commits[i].Hash);
        }
        return verdicts;
    }

    private Verdict Judge(LineCommit commit, HashSet<Digest> offChain)
    {
        if (AgainstLedger(commit) is { } refused)
            return refused;
        var pinned = false;
        var chainUnknown = false;
        if (AgainstCutOffs(commit, ref pinned, ref chainUnknown) is { } cutOff)
            return cutOff;
        if (offChain.Contains(commit.Previous))
            return Verdict.Refused(VerdictReason.OffChain);
        if (!pinned && commit.Number >= _chains.FirstForkAfter(_settle?.Number ?? 0))
            return Verdict.Refused(VerdictReason.Forked);
        var end = _chains.Before(commit);
        if (end is { } before && (commit.Clock.CompareTo(before.Clock) <= 0 || commit.Height < before.Height))
            return Verdict.Refused(VerdictReason.ChainRule);
        if (commit.Height > _ledger.Tip.Height)
            return Verdict.Waiting(VerdictReason.Block);
        if (chainUnknown)
            return Verdict.Waiting(VerdictReason.CutOffChain);
        if (end is null)
            return Verdict.Waiting(VerdictReason.Gap);
        return commit.Clock.Milliseconds > _now + MostAheadMilliseconds ? Verdict.Waiting(VerdictReason.Clock) : Verdict.Accepted;
    }

    private Verdict? AgainstLedger(LineCommit commit)
    {
        if (_ledger.EpochStart(commit.Epoch + 1) is { } ended && commit.Height >= ended)
            return Verdict.Refused(VerdictReason.EpochEnded);
        if (commit.Height > _ledger.Tip.Height)
            return null;
        if (commit.Height < 1 || _ledger.HashAt(commit.Height) != commit.LedgerHash)
            return Verdict.Refused(VerdictReason.LedgerHash);
        var level = _ledger.LevelAt(_author, commit.Height);
        if (level == AccessLevel.None || (level == AccessLevel.Read && !commit.AttributesOnly))
            return Verdict.Refused(VerdictReason.Level);
        return _ledger.EpochAt(commit.Height) == commit.Epoch ? null : Verdict.Refused(VerdictReason.Epoch);
    }

    private Verdict? AgainstCutOffs(LineCommit commit, ref bool pinned, ref bool chainUnknown)
    {
        foreach (var cutOff in _cutOffs)
        {
            if (commit.Height >= cutOff.Height && _began >= cutOff.Height)
                continue;
            var last = _settle is not null && _settle.Height > cutOff.Height ? new CutOffEntry(_writer, _settle.Number, _settle.Hash) : Listed(cutOff);
            if (last is not { } listed || commit.Number > listed.Number)
                return Verdict.Refused(VerdictReason.CutOff);
            if (!OnChain(commit, listed, ref pinned, ref chainUnknown))
                return Verdict.Refused(VerdictReason.OffChain);
        }
        if (_settle is null || commit.Number > _settle.Number)
            return null;
        if (LineChains.IsLost(_settle, commit.Number))
            return Verdict.Refused(VerdictReason.Lost);
        return OnChain(commit, new CutOffEntry(_writer, _settle.Number, _settle.Hash), ref pinned, ref chainUnknown) ? null : Verdict.Refused(VerdictReason.OffChain);
    }

    private bool OnChain(LineCommit commit, CutOffEntry last, ref bool pinned, ref bool chainUnknown)
    {
        var place = _chains.PlaceOn(commit, last.Number, last.Hash);
        pinned |= place == ChainPlace.On;
        chainUnknown |= place == ChainPlace.Unknown;
        return place != ChainPlace.Off;
    }

    private CutOffEntry? Listed(CutOff cutOff)
    {
        foreach (var entry in cutOff.Entries)
        {
            if (entry.Writer == _writer)
                return entry;
        }
        return null;
    }
}
