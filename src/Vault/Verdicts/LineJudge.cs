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
    private readonly LinePrefix _prefix;
    private readonly ulong _writer;
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
        _prefix = prefix ?? LinePrefix.Empty;
        _chains = new LineChains(commits, _prefix, _settle);
    }

    /// <summary>Whether the plain beginning of a line may stand for it: nothing was settled about it, and it began after every cut-off of its author.</summary>
    public static bool AllowsPrefix(LedgerChain ledger, PublicId author, ulong writer, LinePrefix prefix) =>
        prefix.Number == 0 || (ledger.SettlesOf(author, writer).Count == 0 && (ledger.CutOffsOf(author) is not [.., var last] || last.Height <= prefix.Began));

    /// <summary>Whether a block speaks about what was written on this line before it.</summary>
    public bool IsSpokenOf => _settle is not null || (_cutOffs is [.., var last] && last.Height > _chains.Began);

    /// <summary>The verdicts, in the order of the commits.</summary>
    public Verdict[] Judge()
    {
        var verdicts = new Verdict[_commits.Count];
        for (var i = 0; i < verdicts.Length; i++)
            verdicts[i] = Judge(_commits[i]);
        return verdicts;
    }

    /// <summary>The end of the line's plain beginning, once its commits have these verdicts.</summary>
    public LinePrefix PlainEnd(IReadOnlyList<Verdict> verdicts)
    {
        var end = _prefix;
        for (var i = 0; i < _commits.Count; i++)
        {
            var commit = _commits[i];
            var continues = commit.Number == end.Number + 1 && commit.Previous == end.Hash;
            var isForked = i + 1 < _commits.Count && _commits[i + 1].Number == commit.Number;
            if (!continues || isForked || !IsFinal(commit, verdicts[i]))
                break;
            end = end.With(commit);
        }
        return end;
    }

    /// <summary>Whether a verdict stands whatever else comes of its line. Only a cut-off, a settle, or a second commit of that number can change it, and then the line is judged as a whole.</summary>
    private bool IsFinal(LineCommit commit, Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Accepted => true,
        VerdictKind.Refused => verdict.Reason is VerdictReason.EpochEnded or VerdictReason.LedgerHash or VerdictReason.Level or VerdictReason.Epoch
            || (verdict.Reason == VerdictReason.ChainRule && commit.Height <= _ledger.Tip.Height),
        _ => false,
    };

    private Verdict Judge(LineCommit commit)
    {
        if (AgainstLedger(commit) is { } refused)
            return refused;
        var pinned = false;
        var chainUnknown = false;
        if (AgainstCutOffs(commit, ref pinned, ref chainUnknown) is { } cutOff)
            return cutOff;
        if (!pinned && !chainUnknown && commit.Number >= _chains.FirstFork(commit.Number))
            return Verdict.Refused(VerdictReason.Forked);
        var before = _chains.Before(commit, out var complete);
        if (commit.Clock.CompareTo(before.Clock) <= 0 || (commit.Height < before.Height && !commit.IsStub))
            return Verdict.Refused(VerdictReason.ChainRule);
        if (commit.Height > _ledger.Tip.Height)
            return Verdict.Waiting(VerdictReason.Block);
        if (chainUnknown)
            return Verdict.Waiting(VerdictReason.CutOffChain);
        if (!complete)
            return Verdict.Waiting(VerdictReason.Gap);
        return commit.Clock.Milliseconds > _now + MostAheadMilliseconds ? Verdict.Waiting(VerdictReason.Clock) : Verdict.Accepted;
    }

    private Verdict? AgainstLedger(LineCommit commit)
    {
        if (commit.IsStub)
            return null;
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
        if (_chains.IsLost(commit.Number))
            return Verdict.Refused(VerdictReason.Lost);
        foreach (var cutOff in _cutOffs)
        {
            // Heights never fall on a line, so that of a stub is no lower than where its line began.
            if ((commit.IsStub || commit.Height >= cutOff.Height) && _chains.Began >= cutOff.Height)
                continue;
            var last = _settle is not null && _settle.Height > cutOff.Height ? new CutOffEntry(_writer, _settle.Number, _settle.Hash) : Listed(cutOff);
            if (last is not { } listed || commit.Number > listed.Number)
                return Verdict.Refused(VerdictReason.CutOff);
            if (!OnChain(commit, listed, ref pinned, ref chainUnknown))
                return Verdict.Refused(VerdictReason.OffChain);
        }
        if (_settle is null)
            return null;
        var onSettled = commit.Number > _settle.Number
            ? !_chains.IsAside(commit)
            : OnChain(commit, new CutOffEntry(_writer, _settle.Number, _settle.Hash), ref pinned, ref chainUnknown);
        return onSettled ? null : Verdict.Refused(VerdictReason.OffChain);
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
