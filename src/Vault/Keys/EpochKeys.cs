using System.Security.Cryptography;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.Keys;

/// <summary>
/// The epoch keys that one identity can open, or that everybody has. Every key in it gave the check value of its epoch. It may be asked from any thread; disposing it wipes the keys.
/// </summary>
internal sealed class EpochKeys : IDisposable
{
    /// <summary>The size of a key in bytes.</summary>
    public const int KeySize = OneTimeSeal.KeySize;

    private const string LocalPurpose = "coffer/local-epoch-keys/v1";
    private const int SaltSize = 32;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, byte[]> _keys = [];
    private readonly HashSet<(long Later, long Earlier)> _openLinks = [];
    private bool _disposed;

    /// <summary>The epochs whose keys are known, ascending.</summary>
    public IReadOnlyList<long> Epochs
    {
        get
        {
            lock (_lock)
                return [.. _keys.Keys];
        }
    }

    /// <summary>Whether the key of an epoch is known.</summary>
    public bool Has(long epoch)
    {
        lock (_lock)
            return _keys.ContainsKey(epoch);
    }

    /// <summary>Copies the key of an epoch, if it is known. Wipe the copy after use.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="key">Gets 32 bytes.</param>
    /// <exception cref="ObjectDisposedException">The keys were wiped.</exception>
    public bool TryGet(long epoch, Span<byte> key)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_keys.TryGetValue(epoch, out var known))
                return false;
            known.CopyTo(key);
            return true;
        }
    }

    /// <summary>
    /// Takes the keys that an accepted block gives: through a wrap for this identity, and through links from keys that are known; in a public vault the one that everybody has. A wrap or a link that does
    /// not give the key of its epoch is reported with the block's author, and not used.
    /// </summary>
    /// <param name="chain">The chain with the block as its newest one.</param>
    /// <param name="block">The block.</param>
    /// <param name="me">The identity; null for none.</param>
    /// <param name="report">Gets what does not fit.</param>
    public void Learn(LedgerChain chain, Block block, PrivateId? me, Action<Finding> report)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var epoch = chain.Tip.Epoch;
            if (chain.Tip.IsPublic && !_keys.ContainsKey(epoch))
                _keys.Add(epoch, PublicEpochKey.Of(chain.KeyContext(epoch)));
            if (me is not null && WrapFor(block, me.Public) is { } wrap && !_keys.ContainsKey(epoch))
                Open(chain, block, epoch, wrap, me, report);
            if (_keys.ContainsKey(epoch))
                FollowLinks(chain, epoch, report);
        }
    }

    /// <summary>
    /// The earlier epochs to which a new epoch needs links: the last one, and every one whose key is known here but does not come out of the links that
    /// there are. None when the last epoch's key is not known.
    /// </summary>
    /// <param name="lastEpoch">The epoch before the new one.</param>
    public IReadOnlyList<long> LinksNeededAfter(long lastEpoch)
    {
        lock (_lock)
        {
            if (!_keys.ContainsKey(lastEpoch))
                return [];
            var needed = new SortedSet<long>();
            var reached = new HashSet<long>();
            // Links lead downwards, so what is not reached when its turn comes never will be, and what it reaches itself needs no link.
            foreach (var epoch in _keys.Keys.Where(epoch => epoch <= lastEpoch).Reverse())
            {
                if (epoch == lastEpoch || !reached.Contains(epoch))
                    needed.Add(epoch);
                reached.UnionWith(_openLinks.Where(link => link.Later == epoch).Select(link => link.Earlier));
            }
            return [.. needed];
        }
    }

    /// <summary>The keys for the local database, sealed so that only this identity can open them.</summary>
    public byte[] Export(PrivateId me, IRandomSource random)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Its first size is enough, so that growing leaves no copy of a key behind.
            var writer = new WireWriter(16 + (_keys.Count * (KeySize + 10))).VarInt(_keys.Count);
            foreach (var (epoch, key) in _keys)
                writer.VarInt(epoch).Raw(key);
            var plain = writer.ToArray();
            var salt = new byte[SaltSize];
            random.Fill(salt);
            Span<byte> localKey = stackalloc byte[Derivation.Size];
            DeriveLocal(me, salt, localKey);
            byte[] exported = [.. salt, .. OneTimeSeal.Seal(localKey, plain, [])];
            CryptographicOperations.ZeroMemory(localKey);
            CryptographicOperations.ZeroMemory(plain);
            return exported;
        }
    }

    /// <summary>Takes what <see cref="Export"/> gave. A key that does not give the check value of its epoch in the chain is left out.</summary>
    /// <exception cref="VaultException">The bytes were not made by <see cref="Export"/> for this identity.</exception>
    public void Import(ReadOnlySpan<byte> exported, PrivateId me, LedgerChain chain)
    {
        Span<byte> localKey = stackalloc byte[Derivation.Size];
        DeriveLocal(me, exported[..Math.Min(SaltSize, exported.Length)], localKey);
        var opened = OneTimeSeal.TryOpen(localKey, exported[Math.Min(SaltSize, exported.Length)..], [], out var plain);
        CryptographicOperations.ZeroMemory(localKey);
        if (!opened)
            throw new VaultException("The vault keys in the local state do not open with this identity. They can be made again from the ledger.");
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var reader = new WireReader(plain);
            for (var count = reader.Count(1 + KeySize, int.MaxValue); count > 0; count--)
            {
                var epoch = reader.VarInt();
                var key = reader.Raw(KeySize);
                if (!_keys.ContainsKey(epoch) && chain.EpochOf(epoch) is { } record && KeyCheck.Of(chain.KeyContext(epoch), epoch, key) == record.Check)
                    _keys.Add(epoch, key.ToArray());
            }
            CryptographicOperations.ZeroMemory(plain);
            foreach (var epoch in _keys.Keys.Reverse().ToList())
                FollowLinks(chain, epoch, static _ => { });
        }
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var key in _keys.Values)
                CryptographicOperations.ZeroMemory(key);
            _keys.Clear();
        }
    }

    private static byte[]? WrapFor(Block block, PublicId me) => block.Epoch is { } epoch
        ? epoch.Wraps.FirstOrDefault(wrap => wrap.Member == me)?.Wrap
        : block.ChangesOf<LevelChange>().FirstOrDefault(level => level.Member == me)?.Wrap;

    private static void DeriveLocal(PrivateId me, ReadOnlySpan<byte> salt, Span<byte> localKey)
    {
        Span<byte> mine = stackalloc byte[Derivation.Size];
        me.DeriveLocalKey(LocalPurpose, mine);
        Derivation.Derive(mine, salt, [], localKey);
        CryptographicOperations.ZeroMemory(mine);
    }

    private void Open(LedgerChain chain, Block block, long epoch, byte[] wrap, PrivateId me, Action<Finding> report)
    {
        if (KeyWrap.TryOpen(KeyWrap.OfEpoch(chain.KeyContext(epoch), epoch), wrap, me, out var key) && Fits(chain, epoch, key))
        {
            _keys.Add(epoch, key);
            return;
        }
        CryptographicOperations.ZeroMemory(key);
        report(new Finding(
            FindingKind.KeyMisfit,
            LedgerNames.Subject(chain.Tip.Slot),
            $"The key of epoch {epoch} that {block.Author.Fingerprint} gave to {me.Public.Fingerprint} in the block of height {chain.Tip.Height} is not that epoch's key, and is not used.",
            block.Author,
            Evidence: chain.Tip.Hash.ToString()));
    }

    /// <summary>Opens the links of an epoch whose key is known, and of those that come out, newest first.</summary>
    private void FollowLinks(LedgerChain chain, long from, Action<Finding> report)
    {
        var waiting = new SortedSet<long> { from };
        while (waiting.Count > 0)
        {
            var later = waiting.Max;
            waiting.Remove(later);
            var record = chain.EpochOf(later)!;
            foreach (var link in record.Links.Where(link => !_openLinks.Contains((later, link.Epoch))))
            {
                if (!KeyLink.TryOpen(chain.KeyContext(later), later, _keys[later], link.Epoch, link.Sealed, out var key) || !Fits(chain, link.Epoch, key))
                {
                    CryptographicOperations.ZeroMemory(key);
                    report(LinkMisfit(chain, record, link.Epoch));
                    continue;
                }
                _openLinks.Add((later, link.Epoch));
                if (_keys.TryAdd(link.Epoch, key))
                    waiting.Add(link.Epoch);
                else
                    CryptographicOperations.ZeroMemory(key);
            }
        }
    }

    private static bool Fits(LedgerChain chain, long epoch, byte[] key) =>
        chain.EpochOf(epoch) is { } record && KeyCheck.Of(chain.KeyContext(epoch), epoch, key) == record.Check;

    private static Finding LinkMisfit(LedgerChain chain, EpochRecord record, long earlier) => new(
        FindingKind.KeyMisfit,
        LedgerNames.Subject(chain.StateAt(record.Start).Slot),
        $"The key of epoch {earlier} that {record.Author.Fingerprint} linked to epoch {record.Number} in the block of height {record.Start} is not that epoch's key, and is not used.",
        record.Author,
        Evidence: chain.HashAt(record.Start).ToString());
}
