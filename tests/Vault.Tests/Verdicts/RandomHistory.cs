using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Ledger;

namespace Coffer.Vaults.Tests.Verdicts;

/// <summary>A small history that follows from a seed: two members who mostly keep the rules, and an admin who gives, takes and settles.</summary>
internal sealed class RandomHistory
{
    private readonly Random _random;

    public RandomHistory(int seed)
    {
        _random = new Random(seed);
        Lines = [new Line(Ledger, People.Bob, 1), new Line(Ledger, People.Bob, 2), new Line(Ledger, People.Carol, 1)];
        Ledger.Set(People.Bob.Public, AccessLevel.Write).Set(People.Carol.Public, AccessLevel.Admin);
        var clock = (Line.Now - 3_600_000) << 16;
        for (var steps = 10 + _random.Next(15); steps > 0; steps--)
        {
            if (Chance(4))
                Block();
            else
                Commit(clock += _random.Next(3));
        }
    }

    public ScriptedLedger Ledger { get; } = new();

    public IReadOnlyList<Line> Lines { get; }

    public IEnumerable<Commit> Commits => Lines.SelectMany(line => line.Commits);

    public bool Chance(int of) => _random.Next(of) == 0;

    public T Pick<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];

    /// <summary>All things in an order of its own.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> things)
    {
        var list = things.ToArray();
        _random.Shuffle(list);
        return [.. list];
    }

    public int Below(int limit) => _random.Next(limit);

    private void Block()
    {
        var line = Pick(Lines);
        switch (_random.Next(5))
        {
            case 0 or 1:
                var from = Ledger.Chain.Tip.LevelOf(line.Author);
                var to = (AccessLevel)_random.Next(4);
                if (from != to)
                    Ledger.Set(line.Author, to, CutOffs(line.Author));
                break;
            case 2:
                Ledger.Rotate();
                break;
            case 3:
                Settle(line);
                break;
            default:
                Ledger.Pass();
                break;
        }
    }

    private CutOffEntry[] CutOffs(PublicId author) =>
        [.. Lines.Where(line => line.Author == author && line.Commits.Count > 0 && !Chance(5)).Select(line => Line.CutOff(Pick(line.Commits))).OrderBy(entry => entry.Writer)];

    private void Settle(Line line)
    {
        if (line.Commits.Count == 0 || Chance(10))
        {
            Ledger.Settle(line.Author, line.Writer, 0, Digest.Zero);
            return;
        }
        var last = Pick(line.Commits);
        var number = last.Header.Number;
        var first = 1 + _random.NextInt64(number);
        NumberRange[] lost = Chance(2) ? [] : [new NumberRange(first, Math.Min(number, first + _random.Next(2)))];
        Ledger.Settle(line.Author, line.Writer, number, Chance(10) ? Digest.Zero : last.Hash, lost);
    }

    private void Commit(long clock)
    {
        var line = Pick(Lines);
        var before = line.Commits.Count > 0 && Chance(6) ? Pick(line.Commits) : null;
        var height = Chance(8) ? _random.Next((int)Ledger.Height + 3) : (long?)null;
        line.Add(
            before,
            first: Chance(20),
            number: Chance(25) && before is not null ? before.Header.Number + 2 : null,
            height: height,
            ledgerHash: Chance(25) ? Digest.Zero : null,
            epoch: Chance(20) ? 1 + _random.Next(3) : null,
            clock: Chance(30) ? (Line.Now + 600_000) << 16 : clock,
            records: Records(line));
    }

    private List<Record> Records(Line line)
    {
        var records = new List<Record>();
        for (var count = _random.Next(4); count > 0; count--)
        {
            var path = "file " + _random.Next(4);
            UInt128 id = (UInt128)_random.Next(40);
            records.Add(_random.Next(6) switch
            {
                0 => new DeleteRecord { Space = Spaces.Files, Path = path, Id = id, RecordEnd = 0 },
                1 => line.OwnAttribute(),
                2 => new UnknownRecord(9, new byte[] { 1 }),
                _ => line.Put(path, id),
            });
        }
        return records;
    }
}
