using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Records;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Sync;

/// <summary>Applies opened commits to the index. All of it happens within a transaction of the caller.</summary>
internal sealed class CommitImporter
{
    /// <summary>Marks an object that no key will open.</summary>
    private const long NoEpoch = -1;

    private readonly CommitTable _commits;
    private readonly RecordTable _records;
    private readonly VouchTable _vouches;
    private readonly PackTable _packs;
    private readonly PinTable _pins;
    private readonly VerdictKeeper _keeper;
    private readonly FindingTable _findings;
    private readonly OwnWriterTable _ownWriters;
    private readonly PendingTable _pending;
    private readonly VaultDevice _device;

    public CommitImporter(VaultDevice device)
    {
        _commits = device.Commits;
        _records = device.Records;
        _vouches = device.Vouches;
        _packs = device.Packs;
        _pins = device.Pins;
        _findings = device.Findings;
        _ownWriters = device.OwnWriters;
        _pending = device.Pending;
        _device = device;
        _keeper = new VerdictKeeper(_commits, _records, device.Status, _findings, device.Me);
    }

    /// <summary>Applies a batch, and judges the lines that it touches. Gives the number of commits that are new.</summary>
    public int Import(LedgerChain ledger, IReadOnlyList<OpenedCommit> batch, long now)
    {
        var lines = new SortedSet<(PublicId Author, ulong Writer)>();
        var count = 0;
        foreach (var opened in batch)
        {
            if (opened.Commit is not { } commit)
            {
                Unopened(opened);
                continue;
            }
            if (IsOfStranger(ledger, commit))
            {
                OfStranger(ledger, opened, commit);
                continue;
            }
            _vouches.Opened(opened.Name);
            if (!Add(commit, commit.Head.LedgerHeight, now))
                continue;
            count++;
            lines.Add((commit.Head.Author, commit.Header.Writer));
        }
        AdoptStubs(lines, now);
        Judge(ledger, lines, now);
        return count;
    }

    /// <summary>Takes up the stubs whose end has passed by now, and judges their lines.</summary>
    public void TakeUpStubs(LedgerChain ledger, long now)
    {
        var lines = new SortedSet<(PublicId Author, ulong Writer)>();
        AdoptStubs(lines, now);
        Judge(ledger, lines, now);
    }

    /// <summary>Takes up the stubs that something vouches for by now. Each vouches for the commit before it in turn.</summary>
    private void AdoptStubs(SortedSet<(PublicId Author, ulong Writer)> lines, long now)
    {
        while (_packs.NextVouchedStub(now) is { } stub)
        {
            var head = new CommitHead { Author = stub.Author, LedgerHeight = Commit.UnknownHeight, LedgerHash = Digest.Zero, Seen = [], Objects = [], Records = [] };
            Add(new Commit(stub.Header, head, stub.Hash), stub.Height, now);
            _packs.Adopted(new CommitName(stub.Header.Writer, stub.Header.Number), stub.Hash);
            lines.Add((stub.Author, stub.Header.Writer));
        }
    }

    /// <summary>Judges again what a grown ledger or the time may have changed.</summary>
    public void JudgeAgain(LedgerChain ledger, long judgedHeight, long now)
    {
        var lines = new SortedSet<(PublicId Author, ulong Writer)>(_commits.UndecidedLines(judgedHeight));
        foreach (var author in ledger.AuthorsJudgedAgain(judgedHeight))
        {
            foreach (var writer in _commits.WritersOf(author))
                lines.Add((author, writer));
        }
        Judge(ledger, lines, now);
    }

    /// <summary>Lets wait what this person's devices stamped so far ahead that it waits on all others: a clock was wrong, and was mended.</summary>
    public void LetAheadWait(LedgerChain ledger, HybridTime moment, long now)
    {
        foreach (var writer in _commits.WritersBehind(_device.Me, moment))
        {
            _keeper.Reconsider(_device.Me, writer);
            Judge(ledger, _device.Me, writer, now);
        }
        _device.Status.LatestClock = _commits.LatestAcceptedClock();
    }

    private void Judge(LedgerChain ledger, SortedSet<(PublicId Author, ulong Writer)> lines, long now)
    {
        foreach (var (author, writer) in lines)
            Judge(ledger, author, writer, now);
    }

    private void Judge(LedgerChain ledger, PublicId author, ulong writer, long now)
    {
        var isSpokenOf = _keeper.Judge(ledger, author, writer, author == _device.Me ? Math.Max(now, _device.OwnNow) : now);
        if (_commits.LastAcceptedOf(author, writer) is { } last)
            _pins.Set(last, fallBack: isSpokenOf);
        else if (isSpokenOf)
            _pins.Remove(author, writer);
    }

    /// <param name="commit">The commit.</param>
    /// <param name="height">The ledger height of what it vouches for: its own, or for a stub that of the statement that vouches for it.</param>
    /// <param name="now">Local time.</param>
    private bool Add(Commit commit, long height, long now)
    {
        var link = commit.Link;
        if (_commits.Add(commit) is not { } row)
            return false;
        _records.Add(row, commit);
        if (link.Author == _device.Me)
            _pending.Arrived(commit);
        ReportSealed(commit);
        _vouches.Arrived(link);
        if (_commits.HoldsAnother(link))
        {
            _keeper.Fork(link);
            _findings.Report(Equivocation(link));
        }
        var previous = link.Number > 1 ? link with { Number = link.Number - 1, Hash = commit.Header.Previous } : null;
        if (previous is not null)
            Vouch(previous, link, height);
        foreach (var seen in commit.Head.Seen)
            Vouch(seen, link, height);
        if (!commit.IsStub && (link.Author != _device.Me || !_ownWriters.IsOwn(link.Writer)))
            _vouches.NoteUnreported(link, previous, now);
        return true;
    }

    private void Vouch(CommitLink target, CommitLink voucher, long height)
    {
        if (!_commits.Holds(target))
            _vouches.NoteVouched(target, $"commit {voucher}", height);
    }

    /// <summary>
    /// Whether a commit in a public vault is by somebody whom no block names. Anybody can make one that opens there, so it takes no room in the index, and what it says of others is no evidence. It can count for nobody before a block names its author.
    /// </summary>
    public static bool IsOfStranger(LedgerChain ledger, Commit commit) => ledger.Tip.IsPublic && !ledger.Tip.Members.ContainsKey(commit.Head.Author);

    private void OfStranger(LedgerChain ledger, OpenedCommit opened, Commit commit)
    {
        var author = commit.Head.Author;
        var fault = $"it is signed by {author.Fingerprint}, who is no member";
        // A block that is not known yet may name its author, so it is read again.
        var isForLater = commit.Head.LedgerHeight > ledger.Height;
        _vouches.NoteUnopened(opened.Name, opened.Hash, isForLater ? commit.Header.Epoch : NoEpoch, fault);
        if (isForLater)
            return;
        _findings.Report(new Finding(
            FindingKind.Junk,
            $"commit {opened.Name}",
            $"The object commits/{opened.Name} is not used: {fault}. Who can write to the store put it there; it does no harm.",
            author,
            NamesStore: true,
            Writer: Base32Hex.Format(opened.Name.Writer),
            Evidence: Convert.ToHexStringLower(opened.Hash)));
    }

    private void Unopened(OpenedCommit opened)
    {
        _vouches.NoteUnopened(opened.Name, opened.Hash, opened.Epoch ?? NoEpoch, opened.Fault!);
        if (opened.Epoch is not null)
            return;
        _findings.Report(new Finding(
            FindingKind.Junk,
            $"commit {opened.Name}",
            $"The object commits/{opened.Name} is not used: {opened.Fault}. If it was a commit, what was written with it is not readable here; everything else is. Restore that object from a copy of the store, and it is read again.",
            NamesStore: true,
            Writer: Base32Hex.Format(opened.Name.Writer),
            Evidence: Convert.ToHexStringLower(opened.Hash)));
    }

    private void ReportSealed(Commit commit)
    {
        for (var i = 0; i < commit.Head.Records.Count; i++)
        {
            if (commit.Head.Records[i] is SealedRecord { Fault: { } fault } record)
                _findings.Report(Contradiction(commit.Link, i, record.Recipient, fault));
        }
    }

    private static Finding Contradiction(CommitLink link, int position, PublicId recipient, string fault) => new(
        FindingKind.Claim,
        $"record {position} of commit {link.Name} of {link.Author}",
        $"What {link.Author.Fingerprint} sealed to {recipient.Fingerprint} in commit {link.Name} is not what it says, so nothing of it is shown: {fault}. The rest of that commit counts. Ask its author to write it again.",
        link.Author,
        Writer: Base32Hex.Format(link.Writer),
        Evidence: link.Hash.ToString());

    private static Finding Equivocation(CommitLink link) => new(
        FindingKind.Proof,
        $"commit {link.Name} of {link.Author}",
        $"{link.Author.Fingerprint} signed two different commits as {link.Name}. From that number on nothing of this writer counts until an admin settles which chain does.",
        link.Author,
        Writer: Base32Hex.Format(link.Writer));
}
