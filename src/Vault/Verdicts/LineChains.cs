using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.Verdicts;

/// <summary>The chains that the commits of one line form by their hashes.</summary>
internal sealed class LineChains
{
    private readonly Dictionary<Digest, LineCommit> _byHash = [];
    private readonly Dictionary<Digest, LinePrefix> _ends = [];
    private readonly Dictionary<Digest, NamedChain> _named = [];
    private readonly List<long> _forks = [];
    private readonly LinePrefix _prefix;
    private readonly Settle? _settle;

    /// <param name="commits">By number.</param>
    /// <param name="prefix">What comes before them.</param>
    /// <param name="settle">The newest settle for the line; numbers that it declares lost are no gap.</param>
    public LineChains(IReadOnlyList<LineCommit> commits, LinePrefix prefix, Settle? settle)
    {
        _prefix = prefix;
        _settle = settle;
        for (var i = 0; i < commits.Count; i++)
        {
            var commit = commits[i];
            _byHash[commit.Hash] = commit;
            if (i > 0 && commits[i - 1].Number == commit.Number)
                _forks.Add(commit.Number);
            if (Before(commit) is { } before)
                _ends[commit.Hash] = After(before, commit);
        }
    }

    private static LinePrefix After(LinePrefix before, LineCommit commit) => new(
        commit.Number,
        commit.Hash,
        commit.Clock.CompareTo(before.Clock) > 0 ? commit.Clock : before.Clock,
        Math.Max(commit.Height, before.Height)) { Began = Math.Min(commit.Height, before.Began) };

    /// <summary>The end of the chain before a commit, with the latest clock and the greatest height on it; null when a part of it is not known.</summary>
    public LinePrefix? Before(LineCommit commit)
    {
        if (commit.Number == _prefix.Number + 1 && commit.Previous == _prefix.Hash)
            return _prefix;
        if (_ends.TryGetValue(commit.Previous, out var end) && end.Number == commit.Number - 1)
            return end;
        return IsLost(commit.Number - 1) && !_byHash.ContainsKey(commit.Previous) ? new LinePrefix(commit.Number - 1, commit.Previous, default, 0) : null;
    }

    /// <summary>The lowest number above <paramref name="settled"/> for which there are two commits; <see cref="long.MaxValue"/> when there is none.</summary>
    public long FirstForkAfter(long settled)
    {
        foreach (var number in _forks)
        {
            if (number > settled)
                return number;
        }
        return long.MaxValue;
    }

    /// <summary>Where a commit is, seen from the chain that ends in a number and hash.</summary>
    public ChainPlace PlaceOn(LineCommit commit, long number, Digest hash)
    {
        if (commit.Number > number)
            return ChainPlace.Off;
        if (!_named.TryGetValue(hash, out var chain))
        {
            chain = Walk(number, hash);
            _named.Add(hash, chain);
        }
        if (commit.Number >= chain.LowestKnown)
            return chain.Hashes.Contains(commit.Hash) ? ChainPlace.On : ChainPlace.Off;
        if (commit.Number == chain.LowestKnown - 1 && commit.Hash != chain.Below)
            return ChainPlace.Off;
        return IsLost(chain.LowestKnown - 1) ? ChainPlace.BehindLost : ChainPlace.Unknown;
    }

    private bool IsLost(long number) => _settle is not null && IsLost(_settle, number);

    /// <summary>Whether a settle declares a number lost.</summary>
    public static bool IsLost(Settle settle, long number)
    {
        foreach (var range in settle.Lost)
        {
            if (number >= range.First && number <= range.Last)
                return true;
        }
        return false;
    }

    private NamedChain Walk(long number, Digest hash)
    {
        var hashes = new HashSet<Digest>();
        while (number > 0 && _byHash.TryGetValue(hash, out var commit) && commit.Number == number)
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
