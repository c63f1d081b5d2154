using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Packs;
using Coffer.Vaults.Records;
using Coffer.Vaults.Sync;

namespace Coffer.Vaults.Integrity;

/// <summary>
/// Reads every commit again, under its own name or in a pack, and holds it against the hash that its chain vouches for. What was not found in the first round is looked for once more, because commits move into packs while others read.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="sync">Imports what is new.</param>
/// <param name="deep">Whether tails are read, and held against the roots of the bodies in them.</param>
/// <param name="bodies">Gets what the commits need beside themselves; null when nobody asks.</param>
/// <param name="progress">Told of objects that were read.</param>
internal sealed class CommitCheck(VaultDevice device, Synchronizer sync, bool deep, NeededBodies? bodies = null, Action<long, long>? progress = null)
{
    private const int Reads = 16;

    /// <summary>So many commits are read and opened together.</summary>
    private const int MostTogether = 1_000;

    private readonly CommitFetcher _commits = new(device.Store, device.Names);
    private readonly PackFetcher _packs = new(device.Store, device.Names);
    private readonly CommitOpener _opener = new(device.Keys, device.Identity, device.Environment);
    private readonly Dictionary<(CommitName Name, Digest Hash), ExpectedCommit> _expected = [];
    private readonly HashSet<PackName> _read = [];
    private readonly List<Finding> _findings = [];
    private readonly long _now = device.Now;
    private long _done;
    private long _total;

    /// <summary>How many bytes were read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>How many packs were read.</summary>
    public long Packs => _read.Count;

    /// <summary>How many commits were found whole.</summary>
    public long Whole => _expected.Values.Count(static commit => commit.IsWhole);

    /// <summary>The commits that were not found whole.</summary>
    public IEnumerable<CommitLink> Broken => Missing().Select(static commit => commit.Link);

    /// <summary>The commits of which not even the head was found.</summary>
    public IEnumerable<CommitLink> Gone => Missing().Where(static commit => !commit.HasHead).Select(static commit => commit.Link);

    /// <summary>Reads them, and gives what is wrong.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (link, tailEnd) in device.Commits.AllAccepted())
            _expected.TryAdd((link.Name, link.Hash), new ExpectedCommit(link, tailEnd != Commit.NoTail && !RecordEnds.HasPassed(tailEnd, _now)));
        await ReadLooseAsync(static _ => true, cancellationToken);
        await ReadPacksAsync(cancellationToken);
        if (Missing().Any())
        {
            var missing = Missing().Select(static commit => commit.Link.Name).ToHashSet();
            await ReadLooseAsync(missing.Contains, cancellationToken);
            await ReadPacksAsync(cancellationToken);
        }
        _findings.AddRange(Missing().Select(Report));
        return _findings;
    }

    private IEnumerable<ExpectedCommit> Missing() => _expected.Values.Where(static commit => !commit.IsWhole);

    private async Task ReadLooseAsync(Func<CommitName, bool> isWanted, CancellationToken cancellationToken)
    {
        var names = new List<CommitName>();
        await foreach (var entry in device.Store.ListAsync(device.Names.Commits, cancellationToken: cancellationToken))
        {
            if (device.Names.ParseCommit(entry.Key) is { } name && isWanted(name))
                names.Add(name);
        }
        _total += names.Count;
        foreach (var group in names.Chunk(MostTogether))
        {
            var fetched = await Concurrently.SelectAsync(group, Reads, async (name, token) => await FetchAsync(name, token), cancellationToken);
            FoundCommit[] found = [.. fetched.OfType<FoundCommit>()];
            BytesRead += found.Sum(static commit => (long)commit.Fetched.Bytes.Length + (commit.Tail?.Length ?? 0));
            await TakeAsync(found, cancellationToken);
            Advance(group.Length);
            foreach (var other in found.Where(found => !_expected.ContainsKey((found.Fetched.Name, found.Hash)) && !device.Commits.Holds(found.Fetched.Name, found.Hash)))
                await sync.ImportAsync(other.Fetched.Name, cancellationToken);
        }
    }

    private async ValueTask<FoundCommit?> FetchAsync(CommitName name, CancellationToken cancellationToken)
    {
        if (await _commits.FetchAsync(name, cancellationToken) is not { } fetched)
            return null;
        if (fetched.Header is not { TailLength: > 0 } header || !deep)
            return new FoundCommit(fetched, null);
        try
        {
            return new FoundCommit(fetched, await device.Store.ReadBytesAsync(device.Names.Commit(name), new ByteRange(header.TailOffset, header.TailLength), CommitHeader.MaxTail, cancellationToken));
        }
        catch (StoreException fault) when (fault.Kind is StoreErrorKind.NotFound or StoreErrorKind.RangeNotSatisfiable)
        {
            return new FoundCommit(fetched, []);
        }
    }

    private async Task ReadPacksAsync(CancellationToken cancellationToken)
    {
        var names = new List<PackName>();
        await foreach (var entry in device.Store.ListAsync(device.Names.Packs, cancellationToken: cancellationToken))
        {
            if (device.Names.ParsePack(entry.Key) is { } name && _read.Add(name))
                names.Add(name);
        }
        _total += names.Count;
        foreach (var name in names)
        {
            // One at a time: each has as many as thousands of commits, and up to 64 MiB.
            if (await (deep ? _packs.FetchWholeAsync(name, cancellationToken) : _packs.FetchHeadsAsync(name, cancellationToken)) is { } pack)
                await TakeAsync(pack, cancellationToken);
            Advance(1);
        }
    }

    private async Task TakeAsync(FetchedPack pack, CancellationToken cancellationToken)
    {
        BytesRead += deep ? pack.Size : pack.Entries.Sum(static entry => entry.Head.Length);
        if (pack.Fault is { } fault)
        {
            _findings.Add(new Finding(FindingKind.Junk, $"pack {pack.Name}",
                $"The pack packs/{pack.Name} was damaged, or was not made by this software: {fault}. Commits in it that are found nowhere else are reported for themselves.", NamesStore: true, Expected: pack.Name.Hash.ToString(), Found: fault));
            return;
        }
        foreach (var stub in pack.Entries.Where(static entry => entry.Form == PackForm.Stub))
        {
            if (RecordEnds.HasPassed(stub.Header.Ends, _now) && _expected.TryGetValue((stub.Name, stub.Hash), out var ended))
                (ended.HasHead, ended.HasTail) = (true, true);
        }
        foreach (var group in pack.Entries.Where(static entry => entry.Form != PackForm.Stub).Chunk(MostTogether))
            await TakeAsync([.. group.Select(entry => new FoundCommit(new FetchedCommit(entry.Name, entry.Header, entry.Head, null), entry.Form == PackForm.WithTail ? entry.Tail : null, entry.Form == PackForm.WithTail))], cancellationToken);
    }

    /// <summary>Holds commits that were read against what is expected. Those whose records are asked for are opened.</summary>
    private async Task TakeAsync(FoundCommit[] found, CancellationToken cancellationToken)
    {
        var wanted = new List<(FoundCommit Found, ExpectedCommit Expected)>();
        foreach (var commit in found)
        {
            if (!_expected.TryGetValue((commit.Fetched.Name, commit.Hash), out var expected))
                Note(commit);
            else if ((bodies is not null && !expected.HasHead) || (deep && !expected.HasTail && commit.HasTail))
                wanted.Add((commit, expected));
            else
                (expected.HasHead, expected.HasTail) = (true, expected.HasTail || commit.HasTail);
        }
        var opened = await _opener.OpenAsync(device.Ledger.Tip.VaultId, [.. wanted.Select(static pair => pair.Found.Fetched)], cancellationToken);
        for (var i = 0; i < opened.Length; i++)
        {
            var (commit, expected) = wanted[i];
            if (opened[i].Commit is { } known && !expected.HasHead)
                bodies?.Add(known);
            expected.HasHead = true;
            if (!expected.HasTail && commit.HasTail)
                expected.HasTail = !deep || opened[i].Commit is not { } whole || TailCheck.IsWhole(whole, commit.Tail!.Value.Span, _now);
        }
    }

    private void Note(FoundCommit commit)
    {
        foreach (var expected in device.Commits.HashesOf(commit.Fetched.Name))
        {
            if (_expected.TryGetValue((commit.Fetched.Name, expected), out var missing))
                missing.Instead = commit.Hash;
        }
    }

    private void Advance(long count)
    {
        _done += count;
        progress?.Invoke(_done, _total);
    }

    private static Finding Report(ExpectedCommit commit)
    {
        var link = commit.Link;
        var what = commit.HasHead ? "The small files in" : "What was written with";
        var state = commit.HasHead ? "are damaged or gone" : commit.Instead is null ? "is not on the store any more" : "was overwritten on the store";
        return new Finding(
            commit.Instead is null ? FindingKind.Absence : FindingKind.Proof,
            $"commit {link.Name} {link.Hash}",
            $"{what} commit {link.Name} of {link.Author.Fingerprint} {state}. This device still lists it; a new device cannot. 'coffer repair' on a device of its author puts it back, or restore that object from a copy of the store.",
            link.Author,
            NamesStore: true,
            Base32Hex.Format(link.Writer),
            Evidence: commit.Instead?.ToString(),
            Expected: link.Hash.ToString(),
            Found: commit.Instead?.ToString() ?? (commit.HasHead ? "a tail that is not what was written" : "nothing"));
    }

    /// <summary>A commit as it was read, with its tail where that was.</summary>
    private sealed record FoundCommit(FetchedCommit Fetched, ReadOnlyMemory<byte>? Tail, bool HasTail)
    {
        public FoundCommit(FetchedCommit fetched, byte[]? tail)
            : this(fetched, tail, HasTail: fetched.Header is { TailLength: > 0 })
        {
        }

        /// <summary>What it is named by; of what is no commit, the hash of what was read.</summary>
        public Digest Hash { get; } = Fetched.Header is null
            ? Digest.Of(Fetched.Bytes.Span)
            : CommitSeal.HashOf(Fetched.Bytes.Span[..CommitHeader.Size], Fetched.Bytes.Span[CommitHeader.Size..]);
    }
}
