using System.Security.Cryptography;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;

namespace Coffer.Vaults.Ledger;

/// <summary>Builds the next block for what an admin wants: every build has a fresh epoch key, fresh wraps, and the cut-offs of that moment.</summary>
internal static class BlockBuilder
{
    /// <summary>The signed bytes of a vault's first block.</summary>
    /// <param name="realm">The realm, 1 to 64 of <c>a-z</c>, <c>0-9</c> and <c>-</c>.</param>
    /// <param name="segmentInterval">The segment interval in seconds.</param>
    /// <param name="settings">The settings that differ from the defaults; may be empty.</param>
    /// <param name="me">The creator.</param>
    /// <param name="environment">Time and randomness.</param>
    /// <exception cref="ArgumentException">The realm, the interval or a setting is none.</exception>
    public static byte[] BuildGenesis(
        string realm, long segmentInterval, IReadOnlyList<SettingValue> settings, PrivateId me, VaultEnvironment environment)
    {
        if (!GenesisChange.IsRealm(realm))
            throw new ArgumentException($"'{realm}' names no realm: 1 to {GenesisChange.MostRealm} of a-z, 0-9 and - do.", nameof(realm));
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentInterval, GenesisChange.LeastInterval);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segmentInterval, GenesisChange.MostInterval);
        var nonce = new byte[Digest.Size];
        environment.Random.Fill(nonce);
        var genesis = new GenesisChange(new Digest(nonce), realm, segmentInterval);
        var context = BlockRules.Context(genesis, me.Public);
        var epoch = GenesisChange.IsPublic(realm)
            ? new EpochChange(PublicEpochKey.Epoch, PublicEpochKey.Check(context), [], [])
            : StartEpoch(1, context, [me.Public], static _ => [], environment.Random);
        LedgerChange[] changes = settings.Count == 0 ? [genesis, epoch] : [genesis, Configure(settings), epoch];
        return BlockCodec.Sign(
            new Block(me.Public, Digest.Zero, Slot: 1, Height: 1, Digest.Zero, Now(environment), Newest: null, changes), me);
    }

    /// <summary>The signed bytes of the block that continues a chain in a slot.</summary>
    /// <param name="chain">The chain; every intent must hold in it.</param>
    /// <param name="slot">The next slot.</param>
    /// <param name="intents">What the block shall change; no member and no writer twice.</param>
    /// <param name="keys">The epoch keys that the admin knows.</param>
    /// <param name="me">The admin.</param>
    /// <param name="newest">The admin's newest stored commit; null when it has none.</param>
    /// <param name="cutOffs">What counts of a member's commits, one entry for each of its writers, in any order.</param>
    /// <param name="environment">Time and randomness.</param>
    /// <exception cref="LastAdminException">No admin would be left.</exception>
    /// <exception cref="VaultException">The key of the current epoch is needed and not known, or the block would be too large.</exception>
    /// <exception cref="ArgumentException">The intents contradict each other, or make no valid block.</exception>
    public static byte[] Build(
        LedgerChain chain,
        long slot,
        IReadOnlyList<LedgerIntent> intents,
        EpochKeys keys,
        PrivateId me,
        StoredCommit? newest,
        Func<PublicId, IReadOnlyList<CutOffEntry>> cutOffs,
        VaultEnvironment environment)
    {
        var tip = chain.Tip;
        var levels = intents.OfType<SetLevelIntent>().OrderBy(intent => intent.Member).ToList();
        var after = tip.Members.ToBuilder();
        foreach (var level in levels)
            after[level.Member] = new Membership(level.To, chain.Height + 1);
        if (!after.Values.Any(member => member.Level == AccessLevel.Admin))
            throw new LastAdminException();

        var rotates = intents.Any(intent => intent is RotateIntent) || (!tip.IsPublic && levels.Exists(level => LevelChange.TakesReading(level.From, level.To)));
        var settings = intents.OfType<ConfigureIntent>().SelectMany(intent => intent.Settings).ToList();
        var changes = new List<LedgerChange>();
        if (settings.Count > 0)
            changes.Add(Configure(settings));
        changes.AddRange(levels.Select(level => Level(chain, level, rotates, keys, cutOffs, environment.Random)));
        if (rotates)
        {
            RequireKey(keys, tip.Epoch);
            var readers = after.Where(member => member.Value.Level >= AccessLevel.Read).Select(member => member.Key);
            changes.Add(StartEpoch(tip.Epoch + 1, tip.VaultId, readers, key => Links(tip, keys, key), environment.Random));
        }
        changes.AddRange(intents.OfType<SettleIntent>()
            .OrderBy(intent => intent.Author).ThenBy(intent => intent.Writer)
            .Select(intent => new SettleChange(intent.Author, intent.Writer, intent.Last, intent.Hash, intent.Lost)));

        var block = new Block(me.Public, tip.VaultId, slot, chain.Height + 1, tip.Hash, Now(environment), newest, changes);
        var bytes = BlockCodec.Sign(block, me);
        // What everybody would skip is not sent.
        return chain.Judge(slot, bytes) switch
        {
            Judgement.Accepted => bytes,
            Judgement.Skipped skipped => throw new ArgumentException($"These changes make no valid block: it {skipped.Reason}.", nameof(intents)),
            _ => throw new ArgumentException("These changes make no block that this software could read.", nameof(intents)),
        };
    }

    private static long Now(VaultEnvironment environment) => Math.Max(0, environment.Time.GetUtcNow().ToUnixTimeMilliseconds());

    private static ConfigureChange Configure(IEnumerable<SettingValue> settings) => new([.. settings.OrderBy(setting => setting.Setting)]);

    private static LevelChange Level(
        LedgerChain chain,
        SetLevelIntent intent,
        bool rotates,
        EpochKeys keys,
        Func<PublicId, IReadOnlyList<CutOffEntry>> cutOffs,
        IRandomSource random)
    {
        byte[]? wrap = null;
        if (intent.From == AccessLevel.None && !rotates && !chain.Tip.IsPublic)
        {
            var epoch = chain.Tip.Epoch;
            RequireKey(keys, epoch);
            Span<byte> key = stackalloc byte[EpochKeys.KeySize];
            keys.TryGet(epoch, key);
            wrap = KeyWrap.Seal(KeyWrap.OfEpoch(chain.KeyContext(epoch), epoch), key, intent.Member, random);
            CryptographicOperations.ZeroMemory(key);
        }
        var cutOff = LevelChange.TakesCommits(intent.From, intent.To) ? cutOffs(intent.Member).OrderBy(entry => entry.Writer).ToArray() : null;
        return new LevelChange(intent.Member, intent.From, intent.To, intent.SetAt, wrap, cutOff);
    }

    private static EpochChange StartEpoch(
        long epoch, Digest context, IEnumerable<PublicId> readers, Func<byte[], IReadOnlyList<EpochLink>> links, IRandomSource random)
    {
        var key = new byte[EpochKeys.KeySize];
        random.Fill(key);
        var wraps = readers.Select(reader => new MemberWrap(reader, KeyWrap.Seal(KeyWrap.OfEpoch(context, epoch), key, reader, random))).ToList();
        var change = new EpochChange(epoch, KeyCheck.Of(context, epoch, key), links(key), wraps);
        CryptographicOperations.ZeroMemory(key);
        return change;
    }

    private static List<EpochLink> Links(LedgerState tip, EpochKeys keys, byte[] key)
    {
        var links = new List<EpochLink>();
        Span<byte> earlier = stackalloc byte[EpochKeys.KeySize];
        foreach (var epoch in keys.LinksNeededAfter(tip.Epoch))
        {
            keys.TryGet(epoch, earlier);
            links.Add(new EpochLink(epoch, KeyLink.Seal(tip.VaultId, tip.Epoch + 1, key, epoch, earlier)));
        }
        CryptographicOperations.ZeroMemory(earlier);
        return links;
    }

    private static void RequireKey(EpochKeys keys, long epoch)
    {
        if (!keys.Has(epoch))
            throw new VaultException($"The key of epoch {epoch} is not known to this identity, so it cannot be passed on. Another admin must start a new epoch first.");
    }
}
