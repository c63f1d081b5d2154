using Coffer.Vaults.Commits;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Housekeeping;
using Coffer.Vaults.Index;
using Coffer.Vaults.Keys;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Naming;
using Coffer.Vaults.State;
using Coffer.Vaults.Verdicts;
using Coffer.Vaults.Writers;

namespace Coffer.Vaults;

/// <summary>Everything that one device has and knows of a vault: the store, the identity, the ledger with its keys, and the tables of state and index.</summary>
internal sealed class VaultDevice : IDisposable
{
    private const string SealPurpose = "coffer/index-body/v1";

    private readonly LedgerClient _ledger;
    private readonly LocalSeal _seal;
    private readonly PrivateId? _given;

    /// <param name="store">The store.</param>
    /// <param name="identity">Who opens the vault; null for a public vault that is only read.</param>
    /// <param name="trust">What is believed before the first block is read.</param>
    /// <param name="database">State and index.</param>
    /// <param name="paths">Where they are.</param>
    /// <param name="environment">Time, randomness and workers.</param>
    /// <param name="cooldown">How old the last look may be before a call looks again.</param>
    public VaultDevice(IStore store, PrivateId? identity, LedgerTrust trust, LocalDatabase database, LocalPaths paths, VaultEnvironment environment, TimeSpan cooldown)
    {
        // An index that is made beside the first goes on with its count.
        Names = new VaultNames(trust.Realm);
        Store = store as CountedStore ?? new CountedStore(new GuardedListings(store, Names, environment.Bounds));
        _given = identity;
        Identity = identity ?? PrivateId.Create(environment.Random);
        Trust = trust;
        Database = database;
        Paths = paths;
        Environment = environment;
        Cooldown = cooldown;
        Meta = new MetaTable(database);
        Findings = new FindingTable(database, environment.Time);
        OwnWriters = new OwnWriterTable(database);
        Pins = new PinTable(database);
        Pending = new PendingTable(database);
        Status = new StatusTable(database);
        StoreTime = new StoreTime(environment.Time);
        Vouches = new VouchTable(database);
        Authors = new AuthorTable(database);
        Changes = new ChangeNumbering(database, Status, environment.Random);
        database.Forgotten = () =>
        {
            Authors.Forget();
            Changes.Forget();
        };
        database.Written = environment.LocalWrites;
        Commits = new CommitTable(database, Authors);
        _seal = identity is null ? LocalSeal.OfNobody(SealPurpose, environment.Random) : new LocalSeal(identity, SealPurpose, environment.Random);
        Objects = new ObjectUseTable(database, Status);
        Records = new RecordTable(database, Authors, Objects, Status, Changes, _seal);
        Files = new FileTable(database, _seal);
        Packs = new PackTable(database);
        Writers = new WriterPool(paths, OwnWriters, environment.Random);
        Blocks = new BlockTable(database);
        _ledger = new LedgerClient(Store, trust, identity, Keys, Blocks, Findings, environment);
    }

    /// <summary>The store, with a count of what is asked of it. It is the caller's, and never disposed here.</summary>
    public CountedStore Store { get; }

    /// <summary>Whether the vault is open without an identity.</summary>
    public bool IsAnonymous => _given is null;

    /// <summary>Who signs. An anonymous device has one that was drawn for it alone, that nobody learns and no block can name: so it may do what any stranger may, which is to read what is public.</summary>
    public PrivateId Identity { get; }

    public PublicId Me => Identity.Public;

    public LedgerTrust Trust { get; }

    public LocalDatabase Database { get; }

    public LocalPaths Paths { get; }

    public VaultEnvironment Environment { get; }

    /// <summary>How old the last look may be before a call looks again.</summary>
    public TimeSpan Cooldown { get; }

    public VaultNames Names { get; }

    public EpochKeys Keys { get; } = new();

    public MetaTable Meta { get; }

    public FindingTable Findings { get; }

    public OwnWriterTable OwnWriters { get; }

    public PinTable Pins { get; }

    public BlockTable Blocks { get; }

    public PendingTable Pending { get; }

    public StatusTable Status { get; }

    public VouchTable Vouches { get; }

    public AuthorTable Authors { get; }

    public ChangeNumbering Changes { get; }

    public CommitTable Commits { get; }

    public ObjectUseTable Objects { get; }

    public RecordTable Records { get; }

    public FileTable Files { get; }

    public PackTable Packs { get; }

    public WriterPool Writers { get; }

    public TimeProvider Time => Environment.Time;

    /// <summary>Local time, in milliseconds since 1970.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The bytes of contents on the store, as far as commits are known.</summary>
    public long Allocated => Objects.Allocated(Now - (long)BodySweeper.Grace.TotalMilliseconds);

    /// <summary>Whether what was done last at a local time, or never, is to be done again; also when that time lies ahead, because a clock was set back.</summary>
    public bool IsDue(long? last, TimeSpan interval) => last is not { } done || Now < done || Now - done >= interval.TotalMilliseconds;

    /// <summary>The ledger as far as it is known.</summary>
    public LedgerChain Ledger => _ledger.Chain;

    /// <summary>Whether another process of this device, or one that built its index anew, has read blocks that are not in <see cref="Ledger"/> yet. Who knows of them must not write as if it did not.</summary>
    public bool HasUnreadBlocks => Blocks.Newest >= _ledger.NextSlot;

    /// <summary>My level, as of the last look at the ledger.</summary>
    public AccessLevel Level => Ledger.Tip.LevelOf(Me);

    public TimeSpan SegmentInterval => TimeSpan.FromSeconds(Ledger.Tip.SegmentInterval);

    /// <summary>How long a pack must have been on the store before what it holds is deleted.</summary>
    public TimeSpan PackingMargin => TimeSpan.FromSeconds(Ledger.Tip.Configuration.PackingMargin);

    /// <summary>The store's time.</summary>
    public StoreTime StoreTime { get; }

    /// <summary>The time by which the age of an object is judged, in milliseconds since 1970: the store's, or local time before the store has told it.</summary>
    public long StoreNow => StoreTime.Now?.ToUnixTimeMilliseconds() ?? Now;

    /// <summary>
    /// What has passed for sure, in milliseconds since 1970: by local time and by the store's. What ends later is not left out of a pack, whatever one of the two clocks says. 0 before the store has told its time.
    /// </summary>
    public long Passed => StoreTime.AtLeast is { } told ? Math.Min(Now, told.ToUnixTimeMilliseconds()) : 0;

    /// <summary>
    /// The time by which this person's own commits are judged: local time, or what the store says or others wrote here, if that is later. So a local clock that fell back says nothing against what was written before it did; and a store that tells a wrong time can harm
    /// nothing but the moment from which on the own commits count elsewhere.
    /// </summary>
    public long OwnNow => Math.Max(Math.Max(Now, Status.LatestClockOfOthers.Milliseconds), StoreTime.Now?.ToUnixTimeMilliseconds() ?? 0);

    /// <summary>The latest clock of all commits that count, unless it lies so far ahead that what follows it would have to wait everywhere.</summary>
    public HybridTime UsableLatestClock
    {
        get
        {
            var latest = Status.LatestClock;
            return IsAhead(latest) ? default : latest;
        }
    }

    /// <summary>A commit of this person that has a later clock waits everywhere.</summary>
    public HybridTime MostAhead => HybridTime.EndOf(OwnNow + LineJudge.MostAheadMilliseconds);

    /// <summary>Whether commits of this person count here that wait everywhere else: a clock that was ahead has been mended.</summary>
    public bool HasAhead => Commits.WritersBehind(Me, MostAhead).Count > 0;

    private bool IsAhead(HybridTime clock) => clock.CompareTo(MostAhead) > 0;

    /// <summary>Imports new blocks; gives how many.</summary>
    public async Task<int> LookAtLedgerAsync(CancellationToken cancellationToken)
    {
        var before = Ledger.Height;
        await _ledger.LookAsync(cancellationToken);
        return (int)(Ledger.Height - before);
    }

    /// <summary>Writes the first block.</summary>
    public ValueTask CreateLedgerAsync(TimeSpan segmentInterval, IReadOnlyList<SettingValue> settings, CancellationToken cancellationToken) =>
        _ledger.CreateAsync((long)segmentInterval.TotalSeconds, settings, cancellationToken);

    /// <summary>Appends one block with all changes, or none.</summary>
    public async Task AppendAsync(IReadOnlyList<LedgerIntent> intents, Func<CancellationToken, ValueTask> fullSync, CancellationToken cancellationToken) =>
        await _ledger.AppendAsync(intents, fullSync, CutOffs, Newest, cancellationToken);

    /// <summary>Reads every slot of the ledger that is held again.</summary>
    public Task<(long Slots, long Bytes, IReadOnlyList<Finding> Findings)> CheckLedgerAsync(Action<long, long> done, CancellationToken cancellationToken) => _ledger.CheckAsync(done, cancellationToken);

    /// <summary>Puts back slots of the ledger that the store lost; gives how many.</summary>
    public Task<(int PutBack, IReadOnlyList<Finding> Left)> RepairLedgerAsync(CancellationToken cancellationToken) => _ledger.RepairAsync(cancellationToken);

    private IReadOnlyList<CutOffEntry> CutOffs(PublicId member) =>
        Commits.LastAccepted(member).ConvertAll(link => new CutOffEntry(link.Writer, link.Number, link.Hash));

    private StoredCommit? Newest() => Commits.NewestOf(Me) is { } link ? new StoredCommit(link.Writer, link.Number, link.Hash) : null;

    /// <summary>What at the end of the ledger must be accepted here before anything is appended.</summary>
    public IReadOnlyList<Finding> LedgerObstacles => _ledger.Obstacles;

    /// <summary>Proof about the ledger stops writes until its admin accepted it: nobody can know which history others see.</summary>
    public void ThrowIfForked()
    {
        var proofs = _ledger.Obstacles.Where(finding => finding.Kind == FindingKind.Proof).ToList();
        if (proofs.Count > 0)
            throw new VaultIntegrityException("The ledger of this vault was signed or stored in two different ways, so nothing is written until an admin has looked. Reading goes on.", proofs);
    }

    /// <summary>The writer of this process. One that was cut off, or whose last stamp lies in the future because a clock was mended, is retired first.</summary>
    public WriterLease TakeWriter()
    {
        while (true)
        {
            var lease = Writers.Take(Ledger.Height);
            var cutOff = Ledger.CutOffsOf(Me) is [.., var last] && last.Height > lease.SinceHeight;
            if (!cutOff && !IsAhead(EndOfOwn(lease.Id).Clock))
                return lease;
            Writers.Retire();
        }
    }

    /// <summary>The last commit of an own writer that state or index know as stored, with its clock.</summary>
    public (long Number, Digest Hash, HybridTime Clock) EndOfOwn(ulong writer)
    {
        var known = Commits.LastOf(Me, writer);
        if (OwnWriters.Last(writer) is not { } own || own.Number <= known.Number)
            return known;
        var header = CommitHeader.Parse(own.Bytes.AsSpan(0, CommitHeader.Size));
        return (own.Number, own.Hash, header.Clock);
    }

    /// <summary>For whom the index of this device is sealed, as it says itself.</summary>
    public string IndexOwner => OwnerOf(_given);

    /// <summary>For whom somebody's index is sealed: a public id; empty where there is no identity.</summary>
    public static string OwnerOf(PrivateId? identity) => identity?.Public.ToString() ?? "";

    /// <summary>A device with the same state, and another index beside it.</summary>
    public VaultDevice With(LocalDatabase database) => new(Store, _given, Trust, database, Paths, Environment, Cooldown);

    public void Dispose()
    {
        if (IsAnonymous)
            Identity.Dispose();
        Writers.Dispose();
        Keys.Dispose();
        _seal.Dispose();
        Database.Dispose();
    }
}
