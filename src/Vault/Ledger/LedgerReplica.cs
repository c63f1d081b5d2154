using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;

namespace Coffer.Vaults.Ledger;

/// <summary>
/// What an index holds of the ledger: every slot that it has judged, the chain that they make, and what was skipped since the chain last grew. It knows
/// nothing of the store. One call at a time; <see cref="Chain"/> may be read from any thread.
/// </summary>
internal sealed class LedgerReplica
{
    /// <summary>Larger junk is judged and not kept; its hash is.</summary>
    public const int MostJunkKept = 64 << 10;

    private readonly PrivateId? _me;
    private readonly EpochKeys _keys;
    private readonly ILedgerArchive _archive;
    private readonly IFindingSink _findings;
    private readonly HashSet<Digest> _skippedBlocks = [];
    private readonly List<Finding> _obstacles = [];
    private volatile LedgerChain _chain;

    /// <summary>Takes up what the archive has.</summary>
    /// <param name="trust">What is believed before the first block is read.</param>
    /// <param name="me">The identity that opens wraps of keys; null for none.</param>
    /// <param name="keys">Gets the keys that blocks give.</param>
    /// <param name="archive">Where slots are kept.</param>
    /// <param name="findings">Where findings go.</param>
    /// <param name="signatures">Who checks signatures.</param>
    /// <exception cref="VaultException">The archive is not what was saved in it, or belongs to another vault.</exception>
    public LedgerReplica(
        LedgerTrust trust, PrivateId? me, EpochKeys keys, ILedgerArchive archive, IFindingSink findings, ISignatureChecker signatures)
    {
        _me = me;
        _keys = keys;
        _archive = archive;
        _findings = findings;
        _chain = LedgerChain.Begin(trust, signatures);
        foreach (var stored in archive.Load())
            TakeUp(stored);
    }

    /// <summary>The accepted blocks.</summary>
    public LedgerChain Chain => _chain;

    /// <summary>The newest slot that is held; null when none is.</summary>
    public StoredBlock? Newest { get; private set; }

    /// <summary>The first slot that is not held.</summary>
    public long NextSlot => (Newest?.Slot ?? 0) + 1;

    /// <summary>Skipped blocks of admins, since the chain last grew, that the owner of this index has not accepted: nothing may be appended behind them.</summary>
    public IReadOnlyList<Finding> Obstacles => [.. _obstacles.Where(finding => !_findings.IsAccepted(finding))];

    /// <summary>Judges the object of the next slot, and keeps it.</summary>
    /// <param name="bytes">The object; null when it is larger than any block.</param>
    /// <exception cref="NewerSoftwareException">An admin used what this software does not know. The slot is not kept.</exception>
    public void Take(byte[]? bytes)
    {
        var slot = NextSlot;
        if (bytes is null)
        {
            Keep(new StoredBlock(slot, Height: 0, Digest.Zero, []));
            ReportJunk(slot, "is larger than any block", Digest.Zero);
            return;
        }
        switch (_chain.Judge(slot, bytes))
        {
            case Judgement.Accepted accepted:
                Keep(new StoredBlock(slot, accepted.State.Height, accepted.State.Hash, bytes));
                Grow(accepted);
                break;
            case Judgement.Skipped skipped:
                Keep(new StoredBlock(slot, Height: 0, skipped.Hash, skipped.Author is null && bytes.Length > MostJunkKept ? [] : bytes));
                Skip(slot, skipped);
                break;
            case Judgement.NewerSoftware newer:
                throw new NewerSoftwareException(
                    $"{newer.Author.Fingerprint}, an admin of this vault, wrote {newer.What} in slot {slot} of the ledger, which this version of Coffer does not know. Update Coffer to go on.");
        }
    }

    private void TakeUp(StoredBlock stored)
    {
        if (stored.Slot != NextSlot || (stored.Bytes.Length > 0 && Digest.Of(stored.Bytes) != stored.Hash))
            throw Damaged(stored.Slot);
        Newest = stored;
        if (stored.Bytes.Length == 0)
            return;
        switch (_chain.Judge(stored.Slot, stored.Bytes))
        {
            case Judgement.Accepted accepted when stored.Height == accepted.State.Height:
                Grow(accepted);
                break;
            case Judgement.Skipped skipped when stored.Height == 0:
                Skip(stored.Slot, skipped);
                break;
            default:
                throw Damaged(stored.Slot);
        }
    }

    private static VaultException Damaged(long slot) =>
        new($"The local state does not hold slot {slot} of this vault's ledger as it was saved. Put the state back from a backup, or remove it and join again.");

    private void Keep(StoredBlock stored)
    {
        _archive.Save(stored);
        Newest = stored;
    }

    private void Grow(Judgement.Accepted accepted)
    {
        _chain = _chain.Accept(accepted);
        _obstacles.Clear();
        _keys.Learn(_chain, accepted.Block, _me, _findings.Report);
    }

    private void Skip(long slot, Judgement.Skipped skipped)
    {
        // Once a skipped block was reported, copies of it say nothing new.
        if (skipped.Author is not { } author || !_skippedBlocks.Add(skipped.Hash))
        {
            ReportJunk(slot, skipped.Reason, skipped.Hash);
            return;
        }
        var finding = new Finding(
            skipped.Kind == SkipKind.Proof ? FindingKind.Proof : FindingKind.Claim,
            LedgerNames.Subject(slot),
            $"The block in slot {slot} of the ledger is signed by {author.Fingerprint}, an admin, and does not count, because it {skipped.Reason}. Either that admin or who can write to the store is behind it.",
            author,
            NamesStore: true,
            Evidence: skipped.Hash.ToString());
        _findings.Report(finding);
        _obstacles.Add(finding);
    }

    private void ReportJunk(long slot, string reason, Digest hash) => _findings.Report(new Finding(
        FindingKind.Junk,
        LedgerNames.Subject(slot),
        $"The object in slot {slot} of the ledger does not count, because it {reason}. Who can write to the store put it there; it does no harm.",
        NamesStore: true,
        Evidence: hash.IsZero ? null : hash.ToString()));
}
