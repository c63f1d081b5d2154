using System.Collections.Immutable;
using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Ledger;

/// <summary>
/// The accepted blocks of a ledger, from the first to the newest that is known, and all that they say. Never changes: each block gives a new chain, which
/// shares what it can with the one before, so that whoever holds one can go on asking it while another is made.
/// </summary>
internal sealed class LedgerChain
{
    private readonly LedgerTrust _trust;
    private readonly ISignatureChecker _signatures;
    private readonly ImmutableList<LedgerState> _states;
    private readonly ImmutableDictionary<Digest, long> _heights;
    private readonly ImmutableList<EpochRecord> _epochs;
    private readonly ImmutableDictionary<PublicId, ImmutableList<CutOff>> _cutOffs;
    private readonly ImmutableDictionary<(PublicId Author, ulong Writer), ImmutableList<Settle>> _settles;

    private LedgerChain(LedgerTrust trust, ISignatureChecker signatures)
    {
        _trust = trust;
        _signatures = signatures;
        _states = [];
        _heights = ImmutableDictionary<Digest, long>.Empty;
        _epochs = [];
        _cutOffs = ImmutableDictionary<PublicId, ImmutableList<CutOff>>.Empty;
        _settles = ImmutableDictionary<(PublicId, ulong), ImmutableList<Settle>>.Empty;
    }

    private LedgerChain(LedgerChain before, Judgement.Accepted next)
    {
        _trust = before._trust;
        _signatures = before._signatures;
        _states = before._states.Add(next.State);
        _heights = before._heights.Add(next.State.Hash, next.State.Height);
        _epochs = next.Block.Epoch is { } epoch
            ? before._epochs.Add(new EpochRecord(epoch.Epoch, next.State.Height, next.State.Author, epoch.Check, epoch.Links))
            : before._epochs;
        _cutOffs = before._cutOffs;
        _settles = before._settles;
        foreach (var level in next.Block.ChangesOf<LevelChange>())
        {
            if (level.CutOff is { } entries)
                _cutOffs = _cutOffs.SetItem(level.Member, CutOffList(level.Member).Add(new CutOff(next.State.Height, level.Member, entries)));
        }
        foreach (var settle in next.Block.ChangesOf<SettleChange>())
        {
            var said = new Settle(next.State.Height, settle.Last, settle.Hash, settle.Lost);
            _settles = _settles.SetItem((settle.Author, settle.Writer), SettleList(settle.Author, settle.Writer).Add(said));
        }
    }

    /// <summary>Whether no block is known yet.</summary>
    public bool IsEmpty => _states.IsEmpty;

    /// <summary>The height of the newest block; 0 when none is known.</summary>
    public long Height => _states.Count;

    /// <summary>What holds after the newest block.</summary>
    /// <exception cref="InvalidOperationException">The chain is empty.</exception>
    public LedgerState Tip => IsEmpty ? throw new InvalidOperationException("This ledger has no block yet.") : _states[^1];

    /// <summary>A chain without blocks, which believes what is said here.</summary>
    public static LedgerChain Begin(LedgerTrust trust, ISignatureChecker signatures) => new(trust, signatures);

    /// <summary>What held after the block of a height, from 1 to <see cref="Height"/>.</summary>
    public LedgerState StateAt(long height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height);
        return _states[(int)(height - 1)];
    }

    /// <summary>The hash of the block of a height, from 1 to <see cref="Height"/>.</summary>
    public Digest HashAt(long height) => StateAt(height).Hash;

    /// <summary>The height of the block with a hash; null when the chain has none.</summary>
    public long? HeightOf(Digest hash) => _heights.TryGetValue(hash, out var height) ? height : null;

    /// <summary>Somebody's level after the block of a height.</summary>
    public AccessLevel LevelAt(PublicId id, long height) => StateAt(height).LevelOf(id);

    /// <summary>The key epoch after the block of a height.</summary>
    public long EpochAt(long height) => StateAt(height).Epoch;

    /// <summary>The height of the block that started an epoch; null when no block did yet.</summary>
    public long? EpochStart(long epoch) => EpochOf(epoch)?.Start;

    /// <summary>What the chain says of an epoch; null when no block started it yet.</summary>
    public EpochRecord? EpochOf(long epoch) => epoch >= 1 && epoch <= _epochs.Count ? _epochs[(int)(epoch - 1)] : null;

    /// <summary>What stands for the vault in the keys of an epoch (docs/format.md, section 5).</summary>
    public Digest KeyContext(long epoch) => epoch == 1 ? Tip.GenesisContext : Tip.VaultId;

    /// <summary>The cut-offs of a member, ascending by height.</summary>
    public IReadOnlyList<CutOff> CutOffsOf(PublicId member) => CutOffList(member);

    /// <summary>What was settled about one writer, ascending by height; the last one holds.</summary>
    public IReadOnlyList<Settle> SettlesOf(PublicId author, ulong writer) => SettleList(author, writer);

    /// <summary>The writers, of whatever author, that a settle names.</summary>
    public IEnumerable<ulong> SettledWriters => _settles.Keys.Select(static line => line.Writer);

    /// <summary>
    /// What the object in a slot is to this chain: the next block, or nothing for ever, or something that only newer software can judge. It hangs on the
    /// bytes and on this chain alone. All slots below it must have been judged before.
    /// </summary>
    public Judgement Judge(long slot, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slot, 1);
        var hash = Digest.Of(bytes);
        if (bytes.Length > Block.MaxSize)
            return new Judgement.Skipped(SkipKind.Junk, hash, $"has {bytes.Length} bytes, more than a block can have");
        if (!BlockHeader.TryRead(bytes, out var header))
            return new Judgement.Skipped(SkipKind.Junk, hash, "is no block");
        if (_heights.TryGetValue(hash, out var copied))
            return new Judgement.Skipped(SkipKind.Copy, hash, $"is a copy of the block of height {copied}, which stands elsewhere");
        if (AdminOf(header) is not { } author)
            return new Judgement.Skipped(SkipKind.Junk, hash, "names an author who is no admin here");
        if (!_signatures.Check(author, header.Signature, BlockHeader.SignedBytes(header.Version, bytes)))
            return new Judgement.Skipped(SkipKind.Junk, hash, "has a signature that is not its author's");
        if (IsOfAnotherVault(header, hash))
            return new Judgement.Skipped(SkipKind.Copy, hash, "is a block of another vault");
        if (PlaceFault(slot, header) is { } misplaced)
            return new Judgement.Skipped(header.Height >= 1 && header.Height <= (ulong)Height ? SkipKind.Proof : SkipKind.Claim, hash, misplaced, author);
        return header.Version == Block.Version
            ? JudgeContent(bytes, hash, author)
            : new Judgement.NewerSoftware($"a block of version {header.Version}", author);
    }

    /// <summary>
    /// The admin who signed a block of this vault for a slot that is not its turn yet; null when the object is anything else. It proves that there is, or
    /// was, more of the ledger than can be seen.
    /// </summary>
    public PublicId? SignerOfLater(long slot, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Block.MaxSize || !BlockHeader.TryRead(bytes, out var header) || header.Slot != (ulong)slot || AdminOf(header) is not { } author)
            return null;
        var hash = Digest.Of(bytes);
        if (_heights.ContainsKey(hash) || IsOfAnotherVault(header, hash))
            return null;
        return _signatures.Check(author, header.Signature, BlockHeader.SignedBytes(header.Version, bytes)) ? author : null;
    }

    /// <summary>The chain with one more block, which this very chain judged.</summary>
    /// <exception cref="ArgumentException">The block continues another chain.</exception>
    public LedgerChain Accept(Judgement.Accepted next)
    {
        if (next.State.Height != Height + 1 || next.State.Previous != (IsEmpty ? Digest.Zero : Tip.Hash))
            throw new ArgumentException("This block continues another chain.", nameof(next));
        return new LedgerChain(this, next);
    }

    private Judgement JudgeContent(ReadOnlySpan<byte> bytes, Digest hash, PublicId author)
    {
        Block block;
        string? unknown;
        try
        {
            block = BlockCodec.Parse(bytes, out unknown);
        }
        catch (WireException e)
        {
            return new Judgement.Skipped(SkipKind.Claim, hash, "is not as the format has it: " + e.Message, author);
        }
        if (unknown is not null)
            return new Judgement.NewerSoftware(unknown, author);
        if (IsEmpty && block.ChangesOf<GenesisChange>().FirstOrDefault() is { } genesis && !string.Equals(genesis.Realm, _trust.Realm, StringComparison.Ordinal))
            return new Judgement.Skipped(SkipKind.Copy, hash, "is the first block of another vault");
        var state = IsEmpty ? BlockRules.Begin(block, hash, _trust, out var fault) : BlockRules.Continue(Tip, block, hash, out fault);
        return state is null ? new Judgement.Skipped(SkipKind.Claim, hash, fault!, author) : new Judgement.Accepted(block, state);
    }

    /// <summary>The author, when it is admin as of this chain. Its bytes need no look at the curves when they are those of a member.</summary>
    private PublicId? AdminOf(BlockHeader header)
    {
        var named = PublicId.FromTrustedBytes(header.Author);
        if (IsEmpty)
            return named == _trust.Creator ? _trust.Creator : null;
        return Tip.LevelOf(named) == AccessLevel.Admin ? named : null;
    }

    /// <summary>Whether a signed block says that it belongs elsewhere. An admin may well sign blocks of other vaults, and anybody can copy them here.</summary>
    private bool IsOfAnotherVault(BlockHeader header, Digest hash)
    {
        if (!IsEmpty)
            return header.Vault != Tip.VaultId;
        if (_trust.VaultId is not { } wanted)
            return false;
        return header.Vault.IsZero ? hash != wanted : header.Vault != wanted;
    }

    private string? PlaceFault(long slot, BlockHeader header)
    {
        if (header.Slot != (ulong)slot)
            return $"was signed for slot {header.Slot}";
        if (header.Height != (ulong)Height + 1)
            return $"was signed for height {header.Height}, and {Height + 1} comes next";
        if (header.Previous != (IsEmpty ? Digest.Zero : Tip.Hash))
            return "follows another block than the newest one of this chain";
        return IsEmpty && !header.Vault.IsZero ? "is a first block and names a vault" : null;
    }

    /// <summary>Whose commits must be judged again because of a block above a height: those of whom it cut something off or settled it.</summary>
    public SortedSet<PublicId> AuthorsJudgedAgain(long height)
    {
        var authors = new SortedSet<PublicId>();
        foreach (var (member, list) in _cutOffs)
        {
            if (list[^1].Height > height)
                authors.Add(member);
        }
        foreach (var ((author, _), list) in _settles)
        {
            if (list[^1].Height > height)
                authors.Add(author);
        }
        return authors;
    }

    private ImmutableList<CutOff> CutOffList(PublicId member) => _cutOffs.GetValueOrDefault(member, []);

    private ImmutableList<Settle> SettleList(PublicId author, ulong writer) => _settles.GetValueOrDefault((author, writer), []);
}
