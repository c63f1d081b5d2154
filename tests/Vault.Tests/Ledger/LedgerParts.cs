using Coffer.Vaults.Encoding;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.Tests.Ledger;

/// <summary>Random bytes that follow from a seed: SHA-256 of the seed and a counter.</summary>
internal sealed class CountedRandom(ulong seed) : IRandomSource
{
    private readonly Lock _lock = new();
    private ulong _counter;

    public void Fill(Span<byte> bytes)
    {
        lock (_lock)
        {
            for (var at = 0; at < bytes.Length; at += Digest.Size)
            {
                var block = new LengthPrefixed("test").Add(seed).Add(_counter++).Hash().ToArray();
                block.AsSpan(0, Math.Min(Digest.Size, bytes.Length - at)).CopyTo(bytes[at..]);
            }
        }
    }
}

/// <summary>A clock whose timers fire at once.</summary>
internal sealed class HastyTime : TimeProvider
{
    private long _waits;

    public long Waits => Interlocked.Read(ref _waits);

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _waits);
        return base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>Slots in memory.</summary>
internal sealed class MemoryArchive : ILedgerArchive
{
    public SortedDictionary<long, StoredBlock> Slots { get; } = [];

    public IReadOnlyList<StoredBlock> Load() => [.. Slots.Values];

    public void Save(StoredBlock block) => Slots[block.Slot] = block;
}

/// <summary>Findings in memory, each kept once.</summary>
internal sealed class FindingLog : IFindingSink
{
    private readonly List<Finding> _accepted = [];

    public List<Finding> All { get; } = [];

    public void Report(Finding finding)
    {
        if (!All.Exists(finding.IsSame))
            All.Add(finding);
    }

    public bool IsAccepted(Finding finding) => _accepted.Exists(finding.IsSame);

    public void Accept(Finding finding) => _accepted.Add(finding);

    public IEnumerable<FindingKind> Kinds() => All.Select(finding => finding.Kind);
}

/// <summary>People who are the same in every run.</summary>
internal static class People
{
    public static PrivateId Alice { get; } = Person(1);

    public static PrivateId Bob { get; } = Person(2);

    public static PrivateId Carol { get; } = Person(3);

    public static PrivateId Dave { get; } = Person(4);

    public static PrivateId Person(ulong seed) => PrivateId.Create(new CountedRandom(seed));
}

/// <summary>One person's index of one ledger.</summary>
internal sealed class Device
{
    public const string Realm = "users";

    public Device(IStore store, PrivateId me, PublicId? creator = null, Digest? vault = null, MemoryArchive? archive = null, ulong seed = 99, TimeProvider? time = null)
    {
        Store = store;
        Me = me;
        Archive = archive ?? new MemoryArchive();
        Environment = new VaultEnvironment { Time = time ?? new HastyTime(), Random = new CountedRandom(seed) };
        Client = new LedgerClient(store, new LedgerTrust(creator ?? People.Alice.Public, Realm, vault), me, Keys, Archive, Findings, Environment);
    }

    public IStore Store { get; }

    public PrivateId Me { get; }

    public EpochKeys Keys { get; } = new();

    public MemoryArchive Archive { get; }

    public FindingLog Findings { get; } = new();

    public VaultEnvironment Environment { get; }

    public LedgerClient Client { get; }

    public LedgerChain Chain => Client.Chain;

    /// <summary>What the cut-offs of this device say; by default that nothing counts.</summary>
    public Func<PublicId, IReadOnlyList<CutOffEntry>> CutOffs { get; set; } = _ => [];

    /// <summary>What a full sync does beside looking at the ledger.</summary>
    public Func<ValueTask> Sync { get; set; } = () => ValueTask.CompletedTask;

    public int Syncs { get; private set; }

    public StoredCommit? NewestCommit { get; set; }

    public static StoreKey Slot(long slot) => StoreKey.Parse(LedgerNames.Name(Realm, slot));

    /// <summary>A device of the creator, with a new vault.</summary>
    public static async Task<Device> CreateAsync(IStore store, PrivateId? creator = null, params SettingValue[] settings)
    {
        creator ??= People.Alice;
        var device = new Device(store, creator, creator.Public, seed: 7);
        await device.Client.CreateAsync(86_400, settings, CancellationToken.None);
        return device;
    }

    public async Task<bool> LookAsync() => await Client.LookAsync(CancellationToken.None);

    public async Task<LedgerState> AppendAsync(params LedgerIntent[] intents) => await Client.AppendAsync(
        intents,
        async token =>
        {
            Syncs++;
            await Client.LookAsync(token);
            await Sync();
        },
        member => CutOffs(member),
        () => NewestCommit,
        CancellationToken.None);

    public Task<LedgerState> SetAsync(PrivateId member, AccessLevel level) => AppendAsync(SetLevelIntent.Of(Chain.Tip, member.Public, level));

    /// <summary>The bytes of a block that continues this device's chain with these changes, signed by somebody.</summary>
    public byte[] Forge(PrivateId author, IReadOnlyList<LedgerChange> changes, Func<Block, Block>? change = null, long? slot = null)
    {
        var block = new Block(author.Public, Chain.Tip.VaultId, slot ?? Client.NextSlot, Chain.Height + 1, Chain.Tip.Hash, 1, null, changes);
        return BlockCodec.Sign(change?.Invoke(block) ?? block, author);
    }

    public async Task PutAsync(long slot, byte[] bytes) => await Store.PutBytesAsync(Slot(slot), bytes);

    /// <summary>An epoch change that is right for this device's chain, for these readers.</summary>
    public EpochChange NextEpoch(params PrivateId[] readers)
    {
        var (number, context) = (Chain.Tip.Epoch + 1, Chain.Tip.VaultId);
        var key = new byte[EpochKeys.KeySize];
        Environment.Random.Fill(key);
        var before = new byte[EpochKeys.KeySize];
        Keys.TryGet(number - 1, before);
        return new EpochChange(
            number,
            KeyCheck.Of(context, number, key),
            [new EpochLink(number - 1, KeyLink.Seal(context, number, key, number - 1, before))],
            [.. readers.Select(reader => reader.Public).Order().Select(reader => new MemberWrap(reader, KeyWrap.Seal(KeyWrap.OfEpoch(context, number), key, reader, Environment.Random)))]);
    }

    /// <summary>A level change that is right for this device's chain, but for the wrap and the cut-off, which are as told.</summary>
    public LevelChange Level(PrivateId member, AccessLevel to, bool wrap = false, bool cutOff = false)
    {
        var (from, setAt) = Chain.Tip.MembershipOf(member.Public);
        return new LevelChange(member.Public, from, to, setAt, wrap ? new byte[KeyWrap.Size] : null, cutOff ? [] : null);
    }
}
