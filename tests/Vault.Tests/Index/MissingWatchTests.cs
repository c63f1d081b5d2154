using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Tests.Ledger;
using Coffer.Vaults.Tests.Verdicts;
using Xunit;

namespace Coffer.Vaults.Tests.Index;

public sealed class MissingWatchTests : IDisposable
{
    private static readonly PublicId Bob = People.Bob.Public;

    private readonly ScriptedLedger _ledger = new ScriptedLedger().Set(Bob, AccessLevel.Write).Set(People.Carol.Public, AccessLevel.Write);
    private readonly IndexedDevice _index = new();
    private readonly Line _bobs;
    private readonly Line _carols;

    public MissingWatchTests()
    {
        (_bobs, _carols) = (new Line(_ledger, People.Bob), new Line(_ledger, People.Carol));
        _bobs.Add(3);
    }

    public void Dispose() => _index.Dispose();

    private void Import(params IEnumerable<Commit> commits) => _index.Import(_ledger.Chain, commits);

    /// <summary>A listing that lasts a minute and brings nothing more.</summary>
    private void List(bool atOnce = false)
    {
        var began = _index.Time.GetUtcNow();
        _index.Time.Advance(TimeSpan.FromMinutes(1));
        _index.Device.Database.Write(() => _index.Missing.AfterListing(_ledger.Chain, began, atOnce));
    }

    private IEnumerable<FindingKind> Found => _index.Found;

    [Fact]
    public void Nothing_is_missing_where_everything_came()
    {
        Import(_bobs.Commits);
        Import(_carols.Add(seen: _bobs.Commits[2].Link));
        Assert.False(_index.Missing.Any);
        List(atOnce: true);
        Assert.Empty(Found);
    }

    [Fact]
    public void While_a_vault_is_opened_the_second_listing_that_lacks_a_commit_says_so()
    {
        Import(_carols.Add(seen: _bobs.Commits[2].Link));
        Assert.True(_index.Missing.Any);
        List();
        Assert.Empty(Found);
        List(atOnce: true);
        var absence = Assert.Single(_index.Device.Findings.All()).Finding;
        Assert.Equal((FindingKind.Absence, Bob, true), (absence.Kind, absence.Member, absence.NamesStore));
        Assert.Contains(_bobs.Commits[2].Link.Name.ToString(), absence.Message, StringComparison.Ordinal);
        Assert.Contains(People.Carol.Public.Fingerprint, absence.Message, StringComparison.Ordinal);
        List(atOnce: true);
        Assert.Single(Found);
    }

    [Fact]
    public void What_is_vouched_for_only_while_the_listing_runs_is_asked_for_by_the_next_one()
    {
        Import(_carols.Add(seen: _bobs.Commits[0].Link));
        List(atOnce: true);
        Assert.Empty(Found);
    }

    [Fact]
    public void An_open_vault_waits_until_a_listing_that_began_ten_minutes_later_lacks_it_too()
    {
        Import(_carols.Add(seen: _bobs.Commits[0].Link));
        for (var minute = 0; minute < 10; minute++)
        {
            List();
            Assert.Empty(Found);
        }
        List();
        Assert.Equal([FindingKind.Absence], Found);
    }

    [Fact]
    public void What_comes_with_the_next_listing_is_no_alarm()
    {
        Import(_carols.Add(seen: _bobs.Commits[0].Link));
        List();
        Import(_bobs.Commits[0]);
        List();
        _index.Time.Advance(TimeSpan.FromHours(1));
        List(atOnce: true);
        Assert.False(_index.Missing.Any);
        Assert.Empty(Found);
    }

    [Fact]
    public void A_predecessor_is_vouched_for_by_the_commit_behind_it()
    {
        Import(_bobs.Commits[0], _bobs.Commits[2]);
        List();
        List(atOnce: true);
        Assert.Equal([FindingKind.Absence], Found);
        Import(_bobs.Commits[1]);
        Assert.False(_index.Missing.Any);
    }

    [Fact]
    public void Where_another_commit_stands_in_its_place_it_is_a_claim_and_needs_no_patience()
    {
        Import(_bobs.Commits[0]);
        Import(_carols.Add(seen: _bobs.Commits[0].Link with { Hash = Digest.Of([1]) }));
        List();
        Assert.Empty(Found);
        List();
        var claim = Assert.Single(_index.Device.Findings.All()).Finding;
        Assert.Equal((FindingKind.Claim, true), (claim.Kind, claim.NamesStore));
    }

    [Fact]
    public void Pins_vouch_and_go_with_a_new_index()
    {
        Import(_bobs.Commits);
        _index.Device.Database.Write(() => _index.Missing.VouchForPins(_ledger.Height));
        Assert.False(_index.Missing.Any);
        _index.Device.Database.Write(() => _index.Device.Database.Run("DELETE FROM commits"));
        _index.Device.Database.Write(() => _index.Missing.VouchForPins(_ledger.Height));
        List();
        List(atOnce: true);
        Assert.Contains("this device", Assert.Single(_index.Device.Findings.All()).Finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pins_go_back_to_what_a_cut_off_lets_count_and_over_to_the_branch_that_a_settle_names()
    {
        var other = _bobs.Add(before: _bobs.Commits[1]);
        Import(_bobs.Commits);
        Assert.Equal(2, Assert.Single(_index.Device.Pins.All()).Number);
        _ledger.Settle(Bob, 7, 3, _bobs.Commits[2].Hash);
        Import();
        Assert.Equal([_bobs.Commits[2].Link], _index.Device.Pins.All());
        _ledger.Settle(Bob, 7, 3, other.Hash);
        Import();
        Assert.Equal([other.Link], _index.Device.Pins.All());
        _ledger.Set(Bob, AccessLevel.Read, Line.CutOff(_bobs.Commits[0]));
        Import();
        Assert.Equal([_bobs.Commits[0].Link], _index.Device.Pins.All());
        _ledger.Settle(Bob, 7, 0, Digest.Zero);
        Import();
        Assert.Empty(_index.Device.Pins.All());
    }

    [Fact]
    public void Beyond_a_cut_off_nothing_vouches_neither_before_nor_after_it()
    {
        Import(_carols.Add(seen: _bobs.Commits[2].Link));
        _ledger.Set(Bob, AccessLevel.Read, Line.CutOff(_bobs.Commits[1]));
        Import(_carols.Add(seen: _bobs.Add().Link), _bobs.Commits[0], _bobs.Commits[1]);
        List();
        List(atOnce: true);
        Assert.Empty(Found);
        Assert.False(_index.Missing.Any);
    }

    [Fact]
    public void Up_to_a_cut_off_and_for_writers_that_began_after_it_statements_vouch()
    {
        Import(_carols.Add(seen: _bobs.Commits[1].Link));
        var unlisted = new Line(_ledger, People.Bob, 9).Add(1);
        Import(_carols.Add(seen: unlisted.Commits[0].Link));
        _ledger.Set(Bob, AccessLevel.Read, Line.CutOff(_bobs.Commits[1])).Set(Bob, AccessLevel.Write);
        var later = new Line(_ledger, People.Bob, 8).Add(1);
        Import(_carols.Add(seen: later.Commits[0].Link));
        List();
        List(atOnce: true);
        Assert.Equal(
            new[] { _bobs.Commits[1].Link.Name.ToString(), later.Commits[0].Link.Name.ToString() },
            _index.Device.Findings.All().Select(found => found.Finding.Subject.Split(' ')[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_settle_declares_lost_or_leaves_behind_it_is_missed_no_more_and_the_newest_settle_holds()
    {
        Import(_bobs.Commits[2]);
        Import(_carols.Add(seen: _bobs.Add().Link));
        _ledger.Settle(Bob, 7, 1, _bobs.Commits[0].Hash).Settle(Bob, 7, 3, _bobs.Commits[2].Hash, new NumberRange(1, 2));
        List();
        Assert.False(_index.Missing.Any);
        Import(_carols.Add(seen: _bobs.Commits[3].Link));
        Assert.True(_index.Missing.Any);
        _ledger.Settle(Bob, 7, 1, _bobs.Commits[0].Hash).Settle(Bob, 7, 4, _bobs.Commits[3].Hash);
        List();
        Assert.True(_index.Missing.Any);
    }
}
