using Coffer.Vaults.Commits;
using Coffer.Vaults.Index;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Ledger;
using Coffer.Vaults.Tests.Verdicts;
using Coffer.Vaults.Verdicts;
using Xunit;

namespace Coffer.Vaults.Tests.Index;

public sealed class RecordTableTests : IDisposable
{
    private static readonly PublicId Bob = People.Bob.Public;

    private readonly ScriptedLedger _ledger = new ScriptedLedger().Set(Bob, AccessLevel.Write).Set(People.Carol.Public, AccessLevel.Write);
    private readonly IndexedDevice _index = new();
    private readonly Line _bobs;
    private readonly Line _carols;

    public RecordTableTests() => (_bobs, _carols) = (new Line(_ledger, People.Bob), new Line(_ledger, People.Carol));

    public void Dispose() => _index.Dispose();

    private Commit Put(Line line, string path, long clock, UInt128? id = null) => line.Add(clock: clock, records: [line.Put(path, id)]);

    private static DeleteRecord Delete(string path, UInt128 id) => new() { Space = Spaces.Files, Path = path, Id = id, RecordEnd = 0 };

    private void Import(params IEnumerable<Commit> commits) => _index.Import(_ledger.Chain, commits);

    private Commit Newest(string path) => _bobs.Commits.Concat(_carols.Commits).Single(commit => commit.Link.Name == _index.Newest(path)!.Commit && commit.Head.Author == _index.Newest(path)!.Author);

    [Fact]
    public void A_late_commit_takes_its_place_in_the_past()
    {
        var (early, late) = (Put(_bobs, "f", 10), Put(_carols, "f", 20));
        Import(late);
        Import(early);
        Assert.Equal(late, Newest("f"));
        Assert.Equal([early.Link.Name, late.Link.Name], _index.Versions("f").Select(row => row.Commit));
        Assert.Equal([ChangeKind.Applied, ChangeKind.Applied], _index.Changes().Select(change => change.Kind));
    }

    [Fact]
    public void What_a_cut_off_takes_is_withdrawn_and_what_a_settle_gives_back_is_restored_each_once()
    {
        var (first, second) = (Put(_bobs, "f", 10), Put(_bobs, "f", 20));
        Import(first, second);
        _ledger.Set(Bob, AccessLevel.Read, Line.CutOff(first));
        Import();
        Import();
        Assert.Equal(first, Newest("f"));
        _ledger.Settle(Bob, _bobs.Writer, 2, second.Hash);
        Import();
        Import();
        Assert.Equal(second, Newest("f"));
        Assert.Equal([ChangeKind.Applied, ChangeKind.Applied, ChangeKind.Withdrawn, ChangeKind.Restored], _index.Changes().Select(change => change.Kind));
        Assert.Contains(FindingKind.Withdrawn, _index.Found);
    }

    [Fact]
    public void A_path_of_which_nothing_counts_any_more_is_gone()
    {
        Import(Put(_bobs, "f", 10));
        _ledger.Set(Bob, AccessLevel.None);
        Import();
        Assert.Null(_index.Newest("f"));
        Assert.Empty(_index.Versions("f"));
        Assert.Equal((0, 0), _index.Device.Files.CountFiles(Spaces.Files, now: 0));
    }

    [Fact]
    public void A_delete_hides_a_file_and_keeps_its_versions()
    {
        Import(Put(_bobs, "f", 10), _carols.Add(clock: 20, records: [Delete("f", 1)]));
        Assert.True(_index.Newest("f")!.IsDelete);
        Assert.Equal(2, _index.Versions("f").Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_records_with_one_author_and_id_the_first_in_the_order_counts_whichever_came_first(bool inOrder)
    {
        var again = new Line(_ledger, People.Bob, 8);
        Commit[] both = [Put(_bobs, "f", 10, 77), Put(again, "f", 20, 77)];
        foreach (var commit in inOrder ? both : both.Reverse())
            Import(commit);
        Assert.Equal([both[0].Link.Name], _index.Versions("f").Select(row => row.Commit));
        Assert.Equal(
            inOrder ? [ChangeKind.Applied] : [ChangeKind.Applied, ChangeKind.Applied, ChangeKind.Withdrawn],
            _index.Changes().OrderBy(change => change.Kind).Select(change => change.Kind));
    }

    [Fact]
    public void One_id_of_two_authors_is_two_records()
    {
        Import(Put(_bobs, "f", 10, 77), Put(_carols, "f", 20, 77));
        Assert.Equal(2, _index.Versions("f").Count);
    }

    [Fact]
    public void What_was_written_again_counts_when_the_first_is_cut_off_and_is_then_applied_for_the_first_time()
    {
        var again = new Line(_ledger, People.Bob, 8);
        var (first, second) = (Put(_bobs, "f", 10, 77), Put(again, "f", 20, 77));
        Import(first, second);
        _ledger.Set(Bob, AccessLevel.Read, Line.CutOff(second));
        Import();
        Assert.Equal([second.Link.Name], _index.Versions("f").Select(row => row.Commit));
        Assert.Equal(
            [(ChangeKind.Applied, first.Link.Name), (ChangeKind.Withdrawn, first.Link.Name), (ChangeKind.Applied, second.Link.Name)],
            _index.Changes().Select(change => (change.Kind, change.Row.Commit)));
    }

    [Fact]
    public void Within_a_commit_the_last_record_of_a_path_is_the_newest_and_the_first_of_an_id_counts()
    {
        Import(_bobs.Add(records: [_bobs.Put("f", 1), Delete("f", 2), _bobs.Put("f", 3), _bobs.Put("f", 1)]));
        Assert.Equal([1, 2, 3], _index.Versions("f").Select(row => (int)row.Record));
        Assert.Equal(3, (int)_index.Newest("f")!.Record);
        Import(_carols.Add(records: [_carols.Put("g", 1), _carols.Put("g", 2), Delete("g", 3)]));
        Assert.Equal([1, 2, 3], _index.Versions("g").Select(row => (int)row.Record));
        Assert.True(_index.Newest("g")!.IsDelete);
    }

    [Fact]
    public void Other_spaces_and_unknown_kinds_do_not_meet_the_files()
    {
        var commit = _bobs.Add(records: [_bobs.Put("f", 1, space: 77), _bobs.OwnAttribute(), new UnknownRecord(9, Array.Empty<byte>())]);
        Import(commit);
        Assert.Equal(Verdict.Accepted, _index.Verdict(commit));
        Assert.Null(_index.Newest("f"));
        Assert.NotNull(_index.Newest("f", space: 77));
        Assert.NotNull(_index.Newest($"{Bob}/name", Spaces.Members));
        Assert.Empty(_index.Changes());
    }

    [Fact]
    public void A_transaction_that_is_rolled_back_leaves_no_numbers_of_authors()
    {
        var commit = Put(_bobs, "f", 10);
        Assert.Throws<InvalidOperationException>(() => _index.Device.Database.Write(() =>
        {
            Import(commit);
            throw new InvalidOperationException();
        }));
        Assert.Null(_index.Newest("f"));
        Import(Put(_carols, "g", 5));
        Import(commit);
        Assert.Equal(commit, Newest("f"));
        Assert.Equal(People.Carol.Public, _index.Newest("g")!.Author);
        Assert.Equal([commit.Link], _index.Device.Commits.LastAccepted(Bob));
    }

    [Fact]
    public void A_place_sorts_as_the_format_orders_records()
    {
        var random = new Random(7);
        PrivateId[] people = [People.Alice, People.Bob, People.Carol];
        var places = Enumerable.Range(0, 2_000).Select(_ =>
        {
            var commit = new Line(_ledger, people[random.Next(3)], (ulong)random.Next(2) * ulong.MaxValue)
                .Add(number: random.Next(2) == 0 ? 2 : long.MaxValue, clock: random.Next(2) == 0 ? long.MaxValue : 255);
            return (Commit: commit, Index: random.Next(300));
        }).ToList();
        var byFields = places.OrderBy(one => one.Commit.Header.Clock.Value)
            .ThenBy(one => Convert.ToHexString(one.Commit.Head.Author.Bytes), StringComparer.Ordinal)
            .ThenBy(one => one.Commit.Header.Writer).ThenBy(one => one.Commit.Header.Number).ThenBy(one => one.Index)
            .Select(one => Convert.ToHexString(Place.Of(one.Commit, one.Index)));
        Assert.Equal(byFields, places.Select(one => Convert.ToHexString(Place.Of(one.Commit, one.Index))).Order(StringComparer.Ordinal));
        var (last, index) = places[^1];
        var place = Place.Of(last, index);
        Assert.Equal((last.Head.Author, last.Link.Name, last.Header.Clock, index), (Place.Author(place), Place.Commit(place), Place.Clock(place), Place.Position(place)));
    }

    [Fact]
    public void What_has_ended_is_as_if_it_had_never_been_and_comes_back_when_the_clock_was_wrong()
    {
        var now = _index.Device.Now;
        var (older, newer) = (Put(_bobs, "f", 10), _carols.Add(clock: 20, records: [_carols.Put("f") with { ContentEnd = now + 1_000, RecordEnd = now + 1_000 }]));
        Import(older, newer);
        _index.Device.Records.EndBy(now + 999);
        Assert.Equal(newer, Newest("f"));

        _index.Device.Records.EndBy(now + 1_000);
        Assert.Equal(older, Newest("f"));
        Assert.Equal([older.Link.Name], _index.Versions("f").Select(row => row.Commit));

        _index.Device.Records.EndBy(now);
        Assert.Equal(newer, Newest("f"));
        Assert.Equal([ChangeKind.Applied, ChangeKind.Applied], _index.Changes().Select(change => change.Kind));
    }

    [Fact]
    public void What_had_ended_before_it_came_does_not_count_and_what_a_wrong_clock_ended_does_again()
    {
        var now = _index.Device.Now;
        Import(_carols.Add(clock: 10, records: [_carols.Put("e") with { ContentEnd = now + 500, RecordEnd = now + 500 }]));
        _index.Device.Records.EndBy(now + 5_000);
        Import(_carols.Add(clock: 20, records: [_carols.Put("f") with { ContentEnd = now + 1_000, RecordEnd = now + 1_000 }, _carols.Put("g", 99)]));
        Assert.Null(_index.Newest("f"));
        Assert.NotNull(_index.Newest("g"));
        Assert.Equal(["e", "g"], _index.Changes().Select(change => change.Row.Path));
        _index.Device.Records.EndBy(now);
        Assert.NotNull(_index.Newest("f"));
        Import(_carols.Add(clock: 30, records: [_carols.Put("h") with { ContentEnd = now + 2_000, RecordEnd = now + 2_000 }]));
        Assert.NotNull(_index.Newest("h"));
    }

    [Fact]
    public void A_delete_that_has_ended_hides_nothing_any_more()
    {
        var now = _index.Device.Now;
        var older = Put(_bobs, "f", 10);
        Import(older, _carols.Add(clock: 20, records: [Delete("f", 77) with { RecordEnd = now + 1_000 }]));
        Assert.True(_index.Newest("f")!.IsDelete);
        _index.Device.Records.EndBy(now + 1_000);
        Assert.Equal(older, Newest("f"));
    }
}
