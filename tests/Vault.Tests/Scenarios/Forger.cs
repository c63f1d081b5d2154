using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Records;
using Coffer.Vaults.Tests.Ledger;
using Xunit;
using Utf8 = System.Text.Encoding;

namespace Coffer.Vaults.Tests.Scenarios;

/// <summary>A member with software of its own making: it holds the keys that the ledger gives it, and signs what it likes.</summary>
internal sealed class Forger : IDisposable
{
    private readonly EpochKeys _keys = new();
    private readonly VaultNames _names;
    private readonly IStore _store;
    private readonly PrivateId _me;
    private readonly LedgerClient _ledger;

    // Two commits of one millisecond must not stand at one moment: the later one would be refused for its clock.
    private HybridTime _clock;

    public Forger(Team team, PrivateId me)
    {
        _store = team.Store;
        _me = me;
        _names = new VaultNames(team.Realm);
        _ledger = new LedgerClient(_store, new LedgerTrust(team.Alice.Public, team.Realm), me, _keys, new MemoryArchive(), new FindingLog(), new VaultEnvironment());
    }

    public LedgerChain Chain => _ledger.Chain;

    public static async Task<Forger> BeginAsync(Team team, PrivateId me)
    {
        var forger = new Forger(team, me);
        await forger.LookAsync();
        return forger;
    }

    public async Task LookAsync() => await _ledger.LookAsync(CancellationToken.None);

    /// <summary>A commit with a file of text in its tail, as of a ledger height, under the key of the epoch of then.</summary>
    public CommitSeal.Sealed Seal(
        string path, string text, CommitLink? after = null, ulong writer = 0xF0F0, long? height = null, long? epoch = null, DateTimeOffset? at = null,
        UInt128? record = null, IReadOnlyList<CommitLink>? seen = null, PublicId? author = null)
    {
        var key = new byte[BodyDescriptor.KeySize];
        Random.Shared.NextBytes(key);
        var content = Utf8.UTF8.GetBytes(text);
        var piece = BodyWriter.SealSmall(content, key);
        var put = new PutRecord
        {
            Space = Spaces.Files,
            Path = path,
            Id = record ?? NewRecord(),
            Modified = 0,
            Attributes = default,
            ContentEnd = 0,
            RecordEnd = 0,
            Body = new BodyDescriptor(key, BodyLayout.OfKnownLength(content.Length), [new PiecePlace(null, 0, piece.Root)]),
        };
        return Seal(put, piece.Bytes, after, writer, height, epoch, at, seen, author);
    }

    /// <summary>A commit with one record.</summary>
    public CommitSeal.Sealed Seal(
        VersionRecord record, byte[] tail, CommitLink? after = null, ulong writer = 0xF0F0, long? height = null, long? epoch = null, DateTimeOffset? at = null,
        IReadOnlyList<CommitLink>? seen = null, PublicId? author = null)
    {
        var state = Chain.StateAt(height ?? Chain.Height);
        return Seal(new CommitHeader
        {
            Writer = after?.Writer ?? writer,
            Number = (after?.Number ?? 0) + 1,
            Clock = at is { } moment ? HybridTime.At(moment) : _clock = HybridTime.Next(DateTimeOffset.UtcNow, _clock),
            Epoch = epoch ?? state.Epoch,
            Previous = after?.Hash ?? default,
            Ends = record.RecordEnd,
            HeadLength = 0,
            TailLength = 0,
            Salt = NewSalt(),
        }, new CommitHead
        {
            Author = author ?? _me.Public,
            LedgerHeight = state.Height,
            LedgerHash = state.Hash,
            Seen = seen ?? [],
            Objects = [],
            Records = [record],
        }, tail);
    }

    private CommitSeal.Sealed Seal(CommitHeader header, CommitHead head, byte[] tail)
    {
        var epochKey = new byte[EpochKeys.KeySize];
        Assert.True(_keys.TryGet(header.Epoch, epochKey), "The forger has not the key of this epoch.");
        return CommitSeal.Seal(header, head, tail, _me, Chain.Tip.VaultId, epochKey);
    }

    /// <summary>Opens a commit on the store with the keys that this member has.</summary>
    public async Task<Commit> OpenAsync(string key) => Open(await _store.GetAsync(key))!;

    /// <summary>Opens the bytes of a commit; null when they do not open under the key that they name.</summary>
    /// <exception cref="WireException">They break the format.</exception>
    public Commit? Open(ReadOnlySpan<byte> bytes)
    {
        var header = CommitHeader.Parse(bytes[..CommitHeader.Size]);
        var epochKey = new byte[EpochKeys.KeySize];
        return _keys.TryGet(header.Epoch, epochKey) ? CommitSeal.Open(header, bytes, Chain.Tip.VaultId, epochKey, Ed25519Checker.Instance, new PublicIdCache()) : null;
    }

    public async Task<CommitLink> PutAsync(CommitSeal.Sealed forged)
    {
        await _store.PutBytesAsync(_names.Commit(forged.Commit.Link.Name), forged.Bytes, PutOptions.CreateOnly);
        return forged.Commit.Link;
    }

    public bool Has(long epoch) => _keys.Has(epoch);

    /// <summary>The key of an epoch, where this member has it.</summary>
    public bool TryGetKey(long epoch, Span<byte> key) => _keys.TryGet(epoch, key);

    /// <summary>The newest commit of a member's only writer.</summary>
    public async Task<CommitLink> NewestOfAsync(PublicId author)
    {
        CommitLink? newest = null;
        foreach (var key in await _store.KeysAsync(_names.Commits))
        {
            var commit = await OpenAsync(key);
            if (commit.Head.Author == author && commit.Header.Number > (newest?.Number ?? 0))
                newest = commit.Link;
        }
        return newest!;
    }

    private static UInt128 NewRecord() => new((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64());

    private static byte[] NewSalt()
    {
        var salt = new byte[32];
        Random.Shared.NextBytes(salt);
        return salt;
    }

    public void Dispose() => _keys.Dispose();
}
