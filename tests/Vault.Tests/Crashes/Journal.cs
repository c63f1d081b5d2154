using System.Globalization;
using Xunit;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>What the victims of one index have begun, what was acknowledged, and what a peer was seen to have. One writer at a time has a unit. It is told from any thread, and holds nothing against a peer while somebody writes.</summary>
internal sealed class Journal
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Operation> _begun = [];
    private readonly HashSet<int> _acknowledged = [];

    /// <summary>Of each unit what it may hold now: what is known to be there, and whatever was begun after that.</summary>
    private readonly SortedDictionary<string, List<Operation>> _possible = new(StringComparer.Ordinal);

    /// <summary>The units with which something was begun since they were last looked at.</summary>
    private readonly SortedSet<string> _touched = new(StringComparer.Ordinal);

    public int Acknowledged => _acknowledged.Count;

    public int Begun => _begun.Count;

    /// <summary>How many of those that were acknowledged had only been accepted by then.</summary>
    public int Queued => _acknowledged.Count(number => _begun[number].IsQueued);

    /// <summary>Takes what a victim says.</summary>
    public void Hear(string word, string rest)
    {
        if (word == Victim.Begin)
            Begin(Operation.Parse(rest));
        else
            Acknowledge(int.Parse(rest, CultureInfo.InvariantCulture));
    }

    public void Begin(Operation operation)
    {
        lock (_lock)
        {
            _begun.Add(operation.Number, operation);
            if (!_possible.TryGetValue(operation.Unit, out var possible))
                _possible.Add(operation.Unit, possible = [new Operation(0, operation.Unit, [])]);
            possible.Add(operation);
            _touched.Add(operation.Unit);
        }
    }

    public void Acknowledge(int number)
    {
        lock (_lock)
        {
            _acknowledged.Add(number);
            // What was only accepted is on its way: a peer may see what was there before for a while.
            if (!_begun[number].IsQueued)
                Settle(_begun[number]);
        }
    }

    private void Settle(Operation operation)
    {
        var possible = _possible[operation.Unit];
        possible.RemoveRange(0, possible.IndexOf(operation));
    }

    /// <summary>Holds the units that were touched since the last time against what a peer shows: each is as one of the operations left it that it may be at, with all its files.</summary>
    public async Task CheckTouchedAsync(Vault peer)
    {
        foreach (var unit in _touched)
            await CheckNewestAsync(peer, unit);
        _touched.Clear();
    }

    private async Task CheckNewestAsync(Vault peer, string unit)
    {
        var possible = _possible[unit];
        var paths = Operation.PathsOf(unit);
        var shown = new List<FileVersion?>();
        foreach (var path in paths)
            shown.Add(await peer.StatAsync(path));
        var number = shown[0] is { } first ? Operation.NumberOf(first) : 0;
        Assert.True(shown.TrueForAll(version => (version is null ? 0 : Operation.NumberOf(version)) == number), $"{unit} is there in part: {string.Join(' ', shown.Select(static version => version is null ? 0 : Operation.NumberOf(version)))}");
        var found = possible.Find(operation => (operation.IsDelete ? 0 : operation.Number) == number);
        Assert.True(found is not null, $"{unit} is as operation {number} left it, and may be as one of these did: {string.Join("; ", possible)}");
        // A delete that is not known to have happened looks as what was there when nothing was: which of the two it is shows later.
        if (!found.IsDelete)
        {
            for (var i = 0; i < paths.Count; i++)
                Assert.True((await peer.ReadBytesAsync(paths[i])).AsSpan().SequenceEqual(found.Content(i)), $"{paths[i]} has another content than operation {found}.");
            Settle(found);
        }
    }

    /// <summary>Holds all units, and all versions, against what was asked for: each acknowledged one is there, once, with its content, and none that nobody asked for.</summary>
    public async Task CheckAllAsync(Vault peer)
    {
        foreach (var unit in _possible.Keys)
        {
            await CheckNewestAsync(peer, unit);
            var paths = Operation.PathsOf(unit);
            var asked = _begun.Values.Where(operation => operation.Unit == unit).ToDictionary(static operation => operation.Number);
            for (var i = 0; i < paths.Count; i++)
            {
                var versions = await peer.GetVersionsAsync(paths[i]);
                var puts = versions.Where(static version => !version.IsDelete).ToList();
                Assert.Distinct(puts.Select(Operation.NumberOf));
                foreach (var version in puts)
                {
                    Assert.True(asked.TryGetValue(Operation.NumberOf(version), out var operation), $"Nobody asked for version {Operation.NumberOf(version)} of {paths[i]}.");
                    Assert.True((await peer.ReadBytesAsync(paths[i], new ReadFileOptions { VersionId = version.Id })).AsSpan().SequenceEqual(operation.Content(i)), $"{paths[i]} has another content than operation {operation}.");
                }
                var there = puts.Select(Operation.NumberOf).ToHashSet();
                var lost = asked.Values.Where(operation => !operation.IsDelete && _acknowledged.Contains(operation.Number) && !there.Contains(operation.Number));
                Assert.True(!lost.Any(), $"{paths[i]} has lost what was acknowledged: {string.Join("; ", lost)}");
                var deletes = asked.Values.Where(static operation => operation.IsDelete).ToList();
                Assert.InRange(versions.Count - puts.Count, deletes.Count(operation => _acknowledged.Contains(operation.Number)), deletes.Count);
            }
        }
    }
}
