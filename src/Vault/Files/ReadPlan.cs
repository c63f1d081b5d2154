using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Sync;

namespace Coffer.Vaults.Files;

/// <summary>Finds out which bodies lie together on the store: in one bundle, in the tail of one commit, or in one pack.</summary>
internal sealed class ReadPlan(VaultNames names, PackLocator packs)
{
    /// <summary>So many files are looked up before the first is read; each takes about half a kilobyte of memory.</summary>
    private const int MostFiles = 1 << 16;

    /// <summary>A gap up to this length is read and thrown away: another request would take longer.</summary>
    private const int MostGap = 256 << 10;

    /// <summary>Empty files, which need no request, go by so many.</summary>
    private const int EmptyTogether = 256;

    private readonly Dictionary<StoreKey, List<PlannedBody>> _objects = [];
    private readonly Dictionary<(CommitName, Digest), (StoreKey Key, long Offset)> _tails = [];
    private readonly List<StoreKey> _order = [];
    private readonly List<PlannedBody> _empty = [];
    private readonly List<PlannedBody> _alone = [];
    private int _count;

    /// <summary>Whether it is time to read.</summary>
    public bool IsFull => _count >= MostFiles;

    public void Add(FileVersion version, LocatedBody body)
    {
        _count++;
        if (body.Body.Pieces is not [var place] || body.Body.Length > Bundler.MaxContent)
        {
            (body.Body.Length == 0 ? _empty : _alone).Add(new PlannedBody(version, body, 0, 0));
            return;
        }
        var (key, offset) = place.Object is { } name ? (names.Object(name), 0) : TailOf(body);
        if (!_objects.TryGetValue(key, out var together))
        {
            _objects.Add(key, together = []);
            _order.Add(key);
        }
        together.Add(new PlannedBody(version, body, offset + place.Offset, body.Body.Layout.Piece(0).SealedLength));
    }

    private (StoreKey Key, long Offset) TailOf(LocatedBody body)
    {
        var commit = (body.Commit, body.CommitHash);
        if (!_tails.TryGetValue(commit, out var tail))
        {
            tail = packs.TailsOf(body.Commit, body.CommitHash) is [var (pack, offset), ..] ? (names.Pack(pack), offset) : (names.Commit(body.Commit), body.TailOffset);
            _tails.Add(commit, tail);
        }
        return tail;
    }

    /// <summary>What is to be read, in the order in which it was added, as far as it does not lie together.</summary>
    public IReadOnlyList<ReadRun> Runs()
    {
        var runs = new List<ReadRun>();
        foreach (var key in _order)
            Split(key, _objects[key], runs);
        runs.AddRange(_empty.Chunk(EmptyTogether).Select(static empty => new ReadRun(null, empty)));
        runs.AddRange(_alone.Select(static body => new ReadRun(null, [body])));
        return runs;
    }

    private void Split(StoreKey key, List<PlannedBody> bodies, List<ReadRun> runs)
    {
        var run = new List<PlannedBody>();
        foreach (var body in bodies.OrderBy(static body => body.Offset))
        {
            if (run.Count > 0 && body.Offset < run[^1].End)
            {
                // Two files share a body.
                _alone.Add(body);
                continue;
            }
            if (run.Count > 0 && body.Offset - run[^1].End > MostGap)
            {
                runs.Add(new ReadRun(key, run));
                run = [];
            }
            run.Add(body);
        }
        runs.Add(new ReadRun(key, run));
    }
}
