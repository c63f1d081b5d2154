using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.Verdicts;

/// <summary>
/// The chains that the commits of one line form by their hashes. What is declared lost is treated as unknown also where it is known, so that all peers see the same chains.
/// </summary>
internal sealed class LineChains
{
    private readonly Dictionary<Digest, LineCommit> _byHash = [];
    private readonly Dictionary<Digest, LinePrefix> _ends = [];
    private readonly HashSet<Digest> _gaps = [];
    private readonly HashSet<Digest> _aside = [];
    private readonly Dictionary<(long Number, Digest Hash), NamedChain> _named = [];
    private readonly LinePrefix _prefix;
    private readonly Settle? _settle;
    private readonly long _firstFork = long.MaxValue;
    private readonly long _firstForkAboveSettled = long.MaxValue;

    /// <param name="commits">By number.</param>
    /// <param name="prefix">What comes before them.</param>
    /// <param name="settle">The newest settle for the line.</param>
    public LineChains(IReadOnlyList<LineCommit> commits, LinePrefix prefix, Settle? settle)
    {
        _prefix = prefix;
        _settle = settle;
        Began = prefix.Number > 0 ? prefix.Began : FirstHeight(commits);
        var settled = settle?.Number ?? 0;
        for (var i = 0; i < commits.Count; i++)
        {
            var commit = commits[i];
            _byHash[commit.Hash] = commit;
            if (i > 0 && commits[i - 1].Number == commit.Number && !IsLost(commit.Number))
            {
                _firstFork = Math.Min(_firstFork, commit.Number);
                if (commit.Number > settled)
                    _firstForkAboveSettled = Math.Min(_firstForkAboveSettled, commit.Number);
            }
            _ends[commit.Hash] = Before(commit, out var complete).With(commit);
            if (!complete)
                _gaps.Add(commit.Hash);
            if (settle is not null && commit.Number > settled && (commit.Number == settled + 1 ? commit.Previous != settle.Hash : _aside.Contains(commit.Previous)))
                _aside.Add(commit.Hash);
        }
    }

    /// <summary>The ledger height of the line's first commit; <see cref="long.MaxValue"/> when none is known.</summary>
    public long Began { get; }

    /// <summary>The end of the chain before a commit, as far down as it is known, with the latest clock and the greatest height on it.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="complete">Whether it is known down to number 1, or to what is lost.</param>
    public LinePrefix Before(LineCommit commit, out bool complete)
    {
        complete = true;
        if (commit.Number == _prefix.Number + 1 && commit.Previous == _prefix.Hash)
            return _prefix;
        if (IsLost(commit.Number - 1))
            return LinePrefix.Empty;
        if (_ends.TryGetValue(commit.Previous, out var end) && end.Number == commit.Number - 1)
        {
            complete = !_gaps.Contains(commit.Previous);
            return end;
        }
        complete = false;
        return LinePrefix.Empty;
    }

    /// <summary>The lowest number for which there are two commits that no settle chose between, seen from a number.</summary>
    public long FirstFork(long seenFrom) => seenFrom > (_settle?.Number ?? 0) ? _firstForkAboveSettled : _firstFork;

    /// <summary>Whether a commit above the settled number hangs on another chain than the settled one.</summary>
    public bool IsAside(LineCommit commit) => _aside.Contains(commit.Hash);

    /// <summary>Where a commit is, seen from the chain that ends in a number and hash.</summary>
    public ChainPlace PlaceOn(LineCommit commit, long number, Digest hash)
    {
        if (commit.Number > number)
            return ChainPlace.Off;
        if (!_named.TryGetValue((number, hash), out var chain))
        {
            chain = Walk(number, hash);
            _named.Add((number, hash), chain);
        }
        if (commit.Number >= chain.LowestKnown)
            return chain.Hashes.Contains(commit.Hash) ? ChainPlace.On : ChainPlace.Off;
        if (commit.Number == chain.LowestKnown - 1 && commit.Hash != chain.Below)
            return ChainPlace.Off;
        return IsLost(chain.LowestKnown - 1) ? ChainPlace.BehindLost : ChainPlace.Unknown;
    }

    /// <summary>Whether the newest settle declares a number lost.</summary>
    public bool IsLost(long number) => _settle is not null && IsLost(_settle, number);

    /// <summary>Whether a settle declares a number lost.</summary>
    public static bool IsLost(Settle settle, long number)
    {
        var low = 0;
        var high = settle.Lost.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < settle.Lost[middle].First)
                high = middle - 1;
            else if (number > settle.Lost[middle].Last)
                low = middle + 1;
            else
                return true;
        }
        return false;
    }

    private long FirstHeight(IReadOnlyList<LineCommit> commits)
    {
        var number = 0L;
        var height = long.MaxValue;
        foreach (var commit in commits)
        {
            if (number != 0 && commit.Number != number)
                break;
            if (IsLost(commit.Number))
                continue;
            number = commit.Number;
            height = Math.Min(height, commit.Height);
        }
        return height;
    }

    private NamedChain Walk(long number, Digest hash)
    {
        var hashes = new HashSet<Digest>();
        while (number > 0 && !IsLost(number) && _byHash.TryGetValue(hash, out var commit) && commit.Number == number)
        {
            hashes.Add(hash);
            hash = commit.Previous;
            number--;
        }
        return new NamedChain(hashes, number + 1, hash);
    }

    /// <param name="Hashes">The known commits of the chain.</param>
    /// <param name="LowestKnown">The lowest number among them.</param>
    /// <param name="Below">The hash that the commit below it must have.</param>
    private sealed record NamedChain(HashSet<Digest> Hashes, long LowestKnown, Digest Below);
}

/// <summary>Where a commit is, seen from the end of a chain that a block names.</summary>
internal enum ChainPlace
{
    /// <summary>On it.</summary>
    On,

    /// <summary>Not on it.</summary>
    Off,

    /// <summary>The chain between them is not complete yet.</summary>
    Unknown,

    /// <summary>The chain between them is broken for ever by commits that were declared lost: nothing can be said.</summary>
    BehindLost,
}
