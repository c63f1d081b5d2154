using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Tests.Ledger;
using Coffer.Vaults.Verdicts;
using Xunit;

namespace Coffer.Vaults.Tests.Verdicts;

/// <summary>Each line of docs/format.md, section 9, one after the other.</summary>
public class LineJudgeTests
{
    private static readonly PublicId Bob = People.Bob.Public;

    private readonly ScriptedLedger _ledger = new ScriptedLedger().Set(Bob, AccessLevel.Write);

    private static Verdict Refused(VerdictReason reason) => Verdict.Refused(reason);

    private static Verdict Waiting(VerdictReason reason) => Verdict.Waiting(reason);

    private Line BobsLine(ulong writer = 7) => new(_ledger, People.Bob, writer);

    [Fact]
    public void A_line_of_who_may_write_is_accepted()
    {
        var line = BobsLine().Add(3);
        Assert.All(line.Judge(line.Commits), verdict => Assert.Equal(Verdict.Accepted, verdict));
    }

    [Fact]
    public void The_clock_of_a_first_commit_may_be_zero() => Assert.Equal(Verdict.Accepted, BobsLine() is var line ? line.Judge(line.Add(clock: 0)) : default);

    [Fact]
    public void An_epoch_that_had_ended_is_refused_at_once_also_where_the_stated_block_is_not_known()
    {
        _ledger.Rotate();
        var line = BobsLine();
        Assert.Equal(Refused(VerdictReason.EpochEnded), line.Judge(line.Add(epoch: 1)));
        Assert.Equal(Refused(VerdictReason.EpochEnded), line.Judge(line.Add(epoch: 1, height: 9)));
        Assert.Equal(Verdict.Accepted, line.Judge(line.Add(first: true, epoch: 1, height: 2), [line.Commits[^1]]));
    }

    [Fact]
    public void Another_hash_for_a_block_is_refused()
    {
        var line = BobsLine();
        Assert.Equal(Refused(VerdictReason.LedgerHash), line.Judge(line.Add(ledgerHash: ScriptedLedger.HashOf(1))));
        Assert.Equal(Refused(VerdictReason.LedgerHash), line.Judge(line.Add(height: 0, epoch: 1)));
    }

    [Fact]
    public void Who_has_no_access_at_the_stated_height_is_refused()
    {
        var line = BobsLine();
        Assert.Equal(Refused(VerdictReason.Level), line.Judge(line.Add(height: 1)));
        Assert.Equal(Refused(VerdictReason.Level), line.Judge(line.Add(first: true, height: 1, records: []), [line.Commits[^1]]));
    }

    [Fact]
    public void A_reader_sets_its_own_attributes_and_tells_what_it_has_seen_and_no_more()
    {
        _ledger.Set(People.Carol.Public, AccessLevel.Read);
        var line = new Line(_ledger, People.Carol);
        Assert.Equal(Verdict.Accepted, line.Judge(line.Add(records: [line.OwnAttribute()])));
        Assert.Equal(Verdict.Accepted, line.Judge(line.Add(records: [])));
        Assert.Equal(Refused(VerdictReason.Level), line.Judge(line.Add(records: [line.OwnAttribute(), line.Put("file")])));
        Assert.Equal(Refused(VerdictReason.Level), line.Judge(line.Add(records: [new Vaults.Records.UnknownRecord(9, Array.Empty<byte>())])));
        Assert.Equal(Verdict.Accepted, line.Judge(line.Add(records: [line.OwnAttribute()])));
    }

    [Fact]
    public void An_epoch_that_is_not_the_current_one_is_refused()
    {
        var line = BobsLine();
        Assert.Equal(Refused(VerdictReason.Epoch), line.Judge(line.Add(epoch: 2)));
    }

    [Fact]
    public void A_cut_off_lets_count_what_it_lists_and_nothing_above_it()
    {
        var line = BobsLine().Add(3);
        _ledger.Set(Bob, AccessLevel.Read, Line.CutOff(line.Commits[1]));
        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Refused(VerdictReason.CutOff)], line.Judge(line.Commits));
    }

    [Fact]
    public void A_writer_that_a_cut_off_does_not_list_counts_for_nothing_below_it()
    {
        var (listed, unlisted) = (BobsLine(1).Add(1), BobsLine(2).Add(1));
        _ledger.Set(Bob, AccessLevel.None, Line.CutOff(listed.Commits[0]));
        Assert.Equal(Verdict.Accepted, listed.Judge(listed.Commits[0]));
        Assert.Equal(Refused(VerdictReason.CutOff), unlisted.Judge(unlisted.Commits[0]));
    }

    [Fact]
    public void A_writer_that_began_before_a_cut_off_is_ended_at_any_height_and_a_new_one_counts()
    {
        var (old, unlisted, later) = (BobsLine(1).Add(1), BobsLine(2).Add(1), BobsLine(3));
        _ledger.Set(Bob, AccessLevel.Read, Line.CutOff(old.Commits[0])).Set(Bob, AccessLevel.Write);
        Assert.Equal(Refused(VerdictReason.CutOff), old.Judge(old.Add()));
        Assert.Equal(Refused(VerdictReason.CutOff), unlisted.Judge(unlisted.Add()));
        Assert.Equal(Refused(VerdictReason.CutOff), old.Judge(old.Add(height: 99, epoch: 1)));
        Assert.Equal(Verdict.Accepted, later.Judge(later.Add()));
    }

    [Fact]
    public void A_readers_cut_off_binds_its_attributes()
    {
        var carol = People.Carol.Public;
        _ledger.Set(carol, AccessLevel.Read);
        var line = new Line(_ledger, People.Carol);
        line.Add(records: [line.OwnAttribute()]);
        line.Add(records: [line.OwnAttribute()]);
        _ledger.Set(carol, AccessLevel.None, Line.CutOff(line.Commits[0]));
        Assert.Equal([Verdict.Accepted, Refused(VerdictReason.CutOff)], line.Judge(line.Commits));
    }

    [Fact]
    public void What_is_not_on_the_listed_chain_is_refused()
    {
        var line = BobsLine().Add(1);
        var (left, right) = (line.Add(before: line.Commits[0]), line.Add(before: line.Commits[0]));
        var end = line.Add(before: left);
        _ledger.Set(Bob, AccessLevel.None, Line.CutOff(end));
        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Refused(VerdictReason.OffChain), Verdict.Accepted], line.Judge([line.Commits[0], left, right, end]));
    }

    [Fact]
    public void Until_the_listed_chain_is_complete_its_commits_wait_also_where_they_fork()
    {
        var line = BobsLine().Add(1);
        var (left, right) = (line.Add(before: line.Commits[0]), line.Add(before: line.Commits[0]));
        var (middle, end) = (line.Add(before: left), line.Add());
        _ledger.Set(Bob, AccessLevel.None, Line.CutOff(end));
        Commit[] known = [line.Commits[0], left, right];
        Assert.All(line.Judge(known, known), verdict => Assert.Equal(Waiting(VerdictReason.CutOffChain), verdict));
        known = [.. known, middle];
        Assert.All(line.Judge(known, known), verdict => Assert.Equal(Waiting(VerdictReason.CutOffChain), verdict));
        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Refused(VerdictReason.OffChain), Verdict.Accepted], line.Judge([.. known], [.. known, end]));
    }

    [Fact]
    public void A_settle_raises_a_cut_off()
    {
        var line = BobsLine().Add(3);
        _ledger.Set(Bob, AccessLevel.None, Line.CutOff(line.Commits[0]));
        Assert.Equal(Refused(VerdictReason.CutOff), line.Judge(line.Commits[1]));
        _ledger.Settle(Bob, 7, 2, line.Commits[1].Hash);
        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Refused(VerdictReason.CutOff)], line.Judge(line.Commits));
    }

    [Fact]
    public void A_settle_says_nothing_about_later_cut_offs()
    {
        var line = BobsLine().Add(2);
        _ledger.Settle(Bob, 7, 2, line.Commits[1].Hash).Set(Bob, AccessLevel.None, Line.CutOff(line.Commits[0]));
        Assert.Equal([Verdict.Accepted, Refused(VerdictReason.CutOff)], line.Judge(line.Commits));
    }

    [Fact]
    public void Where_two_commits_of_one_number_are_known_nothing_counts_from_there_on()
    {
        var line = BobsLine().Add(1);
        var (left, right) = (line.Add(before: line.Commits[0]), line.Add(before: line.Commits[0]));
        var next = line.Add(before: left);
        Assert.Equal(
            [Verdict.Accepted, Refused(VerdictReason.Forked), Refused(VerdictReason.Forked), Refused(VerdictReason.Forked)],
            line.Judge([line.Commits[0], left, right, next]));
    }

    [Fact]
    public void A_settle_ends_a_fork_and_what_hangs_on_the_other_branch_is_refused()
    {
        var line = BobsLine().Add(1);
        var (left, right) = (line.Add(before: line.Commits[0]), line.Add(before: line.Commits[0]));
        var onLeft = line.Add(before: left);
        _ledger.Settle(Bob, 7, 2, left.Hash);
        Assert.Equal([Verdict.Accepted, Refused(VerdictReason.OffChain), Verdict.Accepted], line.Judge([left, right, onLeft]));
        var onRight = line.Add(before: right);
        Assert.Equal([Refused(VerdictReason.Forked), Refused(VerdictReason.OffChain)], line.Judge([onLeft, onRight]));
        Assert.Equal(Refused(VerdictReason.OffChain), line.Judge(onRight, [line.Commits[0], left, right, onRight]));
    }

    [Fact]
    public void What_hangs_on_the_other_branch_by_a_commit_that_is_refused_for_another_reason_is_refused_too()
    {
        var line = BobsLine().Add(1);
        var (left, right) = (line.Add(before: line.Commits[0]), line.Add(before: line.Commits[0]));
        _ledger.Settle(Bob, 7, 2, left.Hash);
        var refused = line.Add(before: right, ledgerHash: Digest.Zero);
        var behind = line.Add(before: refused);
        Assert.Equal([Refused(VerdictReason.LedgerHash), Refused(VerdictReason.OffChain)], line.Judge([refused, behind]));
    }

    [Fact]
    public void A_fork_above_a_settled_number_is_a_fork()
    {
        var line = BobsLine().Add(2);
        _ledger.Settle(Bob, 7, 1, line.Commits[0].Hash);
        var other = line.Add(before: line.Commits[0]);
        Assert.Equal([Verdict.Accepted, Refused(VerdictReason.Forked), Refused(VerdictReason.Forked)], line.Judge([line.Commits[0], line.Commits[1], other]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lost_commits_count_for_nobody_and_are_no_gap_whether_they_are_known_or_not(bool known)
    {
        var line = BobsLine().Add(6);
        _ledger.Settle(Bob, 7, 5, line.Commits[4].Hash, new NumberRange(2, 3));
        var have = line.Commits.Where((_, i) => known || i is not (1 or 2)).ToList();
        foreach (var i in (int[])[0, 3, 4, 5])
            Assert.Equal(Verdict.Accepted, line.Judge(line.Commits[i], have));
        if (known)
            Assert.Equal([Refused(VerdictReason.Lost), Refused(VerdictReason.Lost)], line.Judge(line.Commits[1..3], have));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fork_below_a_lost_range_stays_one_whether_the_lost_commits_are_known_or_not(bool known)
    {
        var line = BobsLine().Add(5);
        var other = line.Add(before: line.Commits[0]);
        _ledger.Settle(Bob, 7, 5, line.Commits[4].Hash, new NumberRange(3, 4));
        var have = line.Commits.Where((_, i) => known || i is not (2 or 3)).ToList();
        Assert.Equal(
            [Verdict.Accepted, Refused(VerdictReason.Forked), Refused(VerdictReason.Forked), Verdict.Accepted],
            line.Judge([line.Commits[0], line.Commits[1], other, line.Commits[4]], have));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lost_commits_set_no_clock_no_height_and_no_beginning(bool known)
    {
        var line = BobsLine();
        line.Add(clock: 1_000, height: 2);
        _ledger.Set(Bob, AccessLevel.Read).Set(Bob, AccessLevel.Write);
        var behind = line.Add(clock: 10);
        var last = line.Add();
        _ledger.Settle(Bob, 7, 2, behind.Hash, new NumberRange(1, 1));
        List<Commit> have = known ? [.. line.Commits] : [behind, last];
        Assert.Equal([Verdict.Accepted, Verdict.Accepted], line.Judge([behind, last], have));
    }

    [Fact]
    public void Clocks_rise_and_heights_do_not_fall_along_a_chain_and_a_refused_commit_still_carries_it()
    {
        var line = BobsLine();
        _ledger.Pass();
        line.Add(clock: 100);
        line.Add(clock: 200);
        line.Add(clock: 150);
        line.Add(clock: 180);
        line.Add(clock: 200);
        line.Add(clock: 201);
        line.Add(clock: 300, height: 2);
        line.Add(clock: 300, height: 3);
        line.Add(clock: 301);
        var chainRule = Refused(VerdictReason.ChainRule);
        Assert.Equal(
            [Verdict.Accepted, Verdict.Accepted, chainRule, chainRule, chainRule, Verdict.Accepted, chainRule, chainRule, Verdict.Accepted], line.Judge(line.Commits));
    }

    [Fact]
    public void Behind_a_gap_everything_waits_and_what_falls_behind_its_chain_is_refused()
    {
        var line = BobsLine().Add(4);
        var falling = line.Add(clock: 5);
        Assert.Equal(
            [Verdict.Accepted, Waiting(VerdictReason.Gap), Waiting(VerdictReason.Gap), Refused(VerdictReason.ChainRule)],
            line.Judge([line.Commits[0], line.Commits[2], line.Commits[3], falling], line.Commits.Where((_, i) => i != 1)));
    }

    [Fact]
    public void A_predecessor_of_the_right_number_and_another_hash_is_a_gap()
    {
        var line = BobsLine().Add(2);
        var stray = line.Add(before: line.Commits[0], number: 3);
        Assert.Equal(Waiting(VerdictReason.Gap), line.Judge(stray));
    }

    [Fact]
    public void What_states_a_block_that_is_not_known_waits_for_it()
    {
        _ledger.Pass();
        var line = BobsLine().Add(1);
        Assert.Equal(Waiting(VerdictReason.Block), line.Judge(line.Commits[0], height: 2));
        Assert.Equal(Verdict.Accepted, line.Judge(line.Commits[0]));
    }

    [Fact]
    public void What_is_more_than_five_minutes_ahead_waits_until_its_time_comes()
    {
        var line = BobsLine();
        var edge = line.Add(clock: (Line.Now + 300_000) << 16);
        var ahead = line.Add(clock: (Line.Now + 300_001) << 16);
        Assert.Equal([Verdict.Accepted, Waiting(VerdictReason.Clock)], line.Judge([edge, ahead]));
        Assert.Equal(Verdict.Accepted, line.Judge(ahead, now: Line.Now + 1));
    }
}
