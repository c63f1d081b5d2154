using System.Collections.Concurrent;
using Coffer.Vaults.Bodies;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Files;
using Coffer.Vaults.Housekeeping;
using Coffer.Vaults.Naming;
using Coffer.Vaults.Pending;
using Coffer.Vaults.Sync;
using Coffer.Vaults.Transfers;
using Coffer.Vaults.Writers;
using Microsoft.Data.Sqlite;

namespace Coffer.Vaults;

/// <summary>
/// A shared, end-to-end encrypted vault on a store. Any number of people, services and devices share it, each with an identity of its own; the store sees neither names nor contents, and is trusted with nothing but keeping what it is given. A vault in the realm <see cref="PublicRealm"/> is signed in the same way, and secret to nobody. All members may be called at the same time.
/// </summary>
/// <remarks>
/// Calls may throw <see cref="StoreException"/> when the store cannot be used, <see cref="VaultException"/> and what derives from it when the vault says no, and <see cref="OperationCanceledException"/>. What was accepted stays as it is.
/// </remarks>
public sealed partial class Vault : IAsyncDisposable
{
    /// <summary>Who has this lock of a device does housekeeping there.</summary>
    private const string HousekeepingLock = "housekeeping";

    /// <summary>The name of the realm in which everything is signed and nothing is secret.</summary>
    public const string PublicRealm = Ledger.GenesisChange.PublicRealm;

    private readonly VaultDevice _device;
    private readonly Synchronizer _sync;
    private readonly MarkerFlusher _marker;
    private readonly CommitPump _pump;
    private readonly UploadJournals _uploads;
    private readonly FileWriter _writer;
    private readonly FileLibrary _library;
    private readonly OwnRedo _redo;
    private readonly Housekeeper _housekeeper;
    private readonly IndexCare _indexCare;
    private readonly WriteQueue _queue;
    private readonly ConcurrentQueue<Finding> _found = new();
    private int _disposed;

    private Vault(VaultDevice device, QueueOptions queue)
    {
        _device = device;
        _sync = new Synchronizer(device);
        _marker = new MarkerFlusher(device);
        var pool = new PiecePool();
        _library = new FileLibrary(device, new PackLocator(device.Packs, _sync), pool);
        _redo = new OwnRedo(device, _library);
        _pump = new CommitPump(device, _sync, _marker, _redo);
        _uploads = new UploadJournals(device);
        _writer = new FileWriter(device, _sync, _pump, _library, pool, _uploads);
        _queue = new WriteQueue(device, _writer, pool, queue);
        _housekeeper = new Housekeeper(device, _sync);
        _indexCare = new IndexCare(device);
        device.Findings.Found = _found.Enqueue;
    }

    /// <summary>Raised once for each finding, after the call that met it has applied what it brought.</summary>
    public event EventHandler<FindingEventArgs>? FindingReported;

    /// <summary>The vault's id: the hash of its first block, in hexadecimal.</summary>
    public string Id => _device.Ledger.Tip.VaultId.ToString();

    /// <summary>The realm.</summary>
    public string Realm => _device.Ledger.Tip.Realm;

    /// <summary>Who created it.</summary>
    public PublicId Creator => _device.Ledger.Tip.Creator;

    /// <summary>Whether anybody who knows the creator can read it: it is in the realm <see cref="PublicRealm"/>.</summary>
    public bool IsPublic => _device.Ledger.Tip.IsPublic;

    /// <summary>Whether it is open without an identity (<see cref="OpenPublicAsync"/>): it is read, and nothing is ever written, not even a hint for others.</summary>
    public bool IsAnonymous => _device.IsAnonymous;

    /// <summary>The identity that it is open with.</summary>
    /// <exception cref="InvalidOperationException">It is open without one; see <see cref="IsAnonymous"/>.</exception>
    public PublicId Me => _device.IsAnonymous ? throw new InvalidOperationException("This vault is open without an identity.") : _device.Me;

    /// <summary>What I may do, as of the last look at the ledger. In a public vault even <see cref="AccessLevel.None"/> reads.</summary>
    public AccessLevel Access => _device.Level;

    /// <summary>What its admins set, as of the last look at the ledger.</summary>
    public VaultSettings Settings => VaultSettings.Of(_device.Ledger.Tip.Configuration);

    /// <summary>What opening it brought: an open vault is up to date already, and a sync right after it brings nothing more.</summary>
    public SyncReport OpeningReport { get; private set; } = SyncReport.Nothing;

    /// <summary>Creates a vault on a store, with this identity as its first admin, and opens it.</summary>
    /// <param name="store">The store. It stays the caller's.</param>
    /// <param name="identity">Who creates it. It stays the caller's, and must live as long as the vault.</param>
    /// <param name="options">Where this device keeps its index, and what holds from the start.</param>
    /// <param name="cancellationToken">Cancels it; the vault may be there then or not.</param>
    /// <exception cref="VaultException">There is a vault already in that realm of the store, or the index belongs to another one.</exception>
    public static async Task<Vault> CreateAsync(IStore store, PrivateId identity, VaultCreateOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        await CallerContext.Leave();
        var device = VaultOpening.Create(store, identity, options);
        return await BeginAsync(device, options.Queue, async vault =>
        {
            await ConditionalPuts.ProbeAsync(device, cancellationToken);
            await device.CreateLedgerAsync(options.SegmentInterval, options.Settings.Changes(Ledger.VaultConfiguration.Default), cancellationToken);
            vault._marker.Touch();
        }, cancellationToken);
    }

    /// <summary>Opens a vault.</summary>
    /// <param name="store">The store. It stays the caller's.</param>
    /// <param name="identity">Who opens it. It stays the caller's, and must live as long as the vault.</param>
    /// <param name="options">Where this device keeps its index, and which vault it is.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="AccessDeniedException">The identity was never a member, and the vault is not public.</exception>
    /// <exception cref="VaultIntegrityException">The store does not have what the invitation, or this device's own state, vouches for.</exception>
    /// <exception cref="VaultException">The store has no vault of that creator in that realm, or the index belongs to another vault or member.</exception>
    public static async Task<Vault> OpenAsync(IStore store, PrivateId identity, VaultOpenOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return await OpenWithAsync(store, identity, options, cancellationToken);
    }

    /// <summary>
    /// Opens a public vault without an identity, to read it: list, stat, read, versions, watch, sync and all else that asks. What would write throws <see cref="AccessDeniedException"/> before anything is sent.
    /// </summary>
    /// <param name="store">The store. It stays the caller's.</param>
    /// <param name="options">Where this device keeps its index, and which vault it is: its creator or an invitation must be known at the first open. An index that was made so can be opened with an identity later.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="AccessDeniedException">The realm that is asked for is not <see cref="PublicRealm"/>, or the index belongs to an identity.</exception>
    /// <exception cref="VaultIntegrityException">The store does not have what the invitation, or this device's own state, vouches for.</exception>
    /// <exception cref="VaultException">The store has no public vault of that creator, or the index belongs to another vault.</exception>
    public static Task<Vault> OpenPublicAsync(IStore store, VaultOpenOptions options, CancellationToken cancellationToken = default) =>
        OpenWithAsync(store, identity: null, options, cancellationToken);

    private static async Task<Vault> OpenWithAsync(IStore store, PrivateId? identity, VaultOpenOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        await CallerContext.Leave();
        try
        {
            return await OpenOnceAsync(store, identity, options, cancellationToken);
        }
        catch (IndexDamagedException)
        {
            return await OpenOnceAsync(store, identity, options, cancellationToken);
        }
    }

    private static async Task<Vault> OpenOnceAsync(IStore store, PrivateId? identity, VaultOpenOptions options, CancellationToken cancellationToken)
    {
        var device = await VaultOpening.OpenAsync(store, identity, options, cancellationToken);
        return await BeginAsync(device, options.Queue, async vault =>
        {
            await ConditionalPuts.ProbeAsync(device, cancellationToken);
            var blocks = await vault._sync.LookAtLedgerAsync(cancellationToken);
            VaultOpening.CheckPin(device, options.Pin);
            vault.OpeningReport = new SyncReport(blocks, 0);
        }, cancellationToken);
    }

    private static async Task<Vault> BeginAsync(VaultDevice device, QueueOptions queue, Func<Vault, Task> begin, CancellationToken cancellationToken)
    {
        var vault = new Vault(device, queue);
        try
        {
            await begin(vault);
            VaultOpening.Settle(device);
            device.Database.IndexLost = vault.BeginIndexAnew;
            vault.OpeningReport = SyncReport.Sum(vault.OpeningReport, await vault.BringAsync(thorough: false, cancellationToken));
            vault._queue.Resume();
            return vault;
        }
        catch
        {
            await vault.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings everything that is new on the store: one call, however much it is.</summary>
    public async Task<SyncReport> SyncAsync(CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        var report = await BringAsync(thorough: true, cancellationToken);
        await SignAsync(cancellationToken);
        return report;
    }

    /// <summary>Gives a sign of life when one is due (<see cref="VaultSettings.Freshness"/>). Who cannot reads on all the same; that nobody did is what others report.</summary>
    private async Task SignAsync(CancellationToken cancellationToken)
    {
        if (IsAnonymous || !new FreshnessWatch(_device).IsSignDue)
            return;
        try
        {
            await _pump.CommitAsync([], cancellationToken);
        }
        catch (Exception fault) when (fault is StoreException or VaultException)
        {
            // The next sync tries again.
        }
    }

    private async Task<SyncReport> BringAsync(bool thorough, CancellationToken cancellationToken)
    {
        SyncReport report;
        try
        {
            report = await _sync.SyncAsync(thorough, cancellationToken);
        }
        catch (IndexDamagedException)
        {
            report = await _sync.SyncAsync(thorough: true, cancellationToken);
        }
        await _redo.RunAsync(_pump.CommitAsync, cancellationToken);
        RaiseFindings();
        return report;
    }

    private void RaiseFindings()
    {
        while (_found.TryDequeue(out var finding))
            FindingReported?.Invoke(this, new FindingEventArgs(finding));
    }

    /// <summary>
    /// Builds the index anew from the store, beside the old one, and then goes over to it. Nothing is lost by it: the state stays as it is. While another process
    /// on this device does the same, this waits for it.
    /// </summary>
    public async Task RebuildIndexAsync(CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        await _pump.DrainAsync();
        // One at a time on this device, among all processes: the files of two new indexes would have the same names.
        using (await LocalLock.TakeAsync(_device.Paths, VaultOpening.RebuildLock, _device.Time, cancellationToken))
        {
            FollowIndex();
            using var next = VaultOpening.OpenNextGeneration(_device);
            var sync = new Synchronizer(next);
            await sync.LookAtLedgerAsync(cancellationToken);
            VaultOpening.Settle(next);
            await sync.SyncAsync(thorough: true, cancellationToken);
            next.Database.Adopt();
        }
        FollowIndex();
        await _sync.SyncAsync(thorough: true, cancellationToken);
    }

    /// <summary>
    /// Keeps the store and this device's files small and sound: checks the index once a day, brings what is new, sends what is in the queue of asynchronous and scheduled writes, packs commits, and deletes what is not needed any more, after the times of grace that the vault's rules give it. Any number of members
    /// may do it at the same time, and it may be ended anywhere. On one device, one does it at a time, and who comes meanwhile waits.
    /// </summary>
    /// <param name="options">What more is done than is due.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<HousekeepingReport> HousekeepAsync(HousekeepOptions? options = null, CancellationToken cancellationToken = default)
    {
        await CallerContext.Leave();
        options ??= new HousekeepOptions();
        // One at a time on this device, among all processes: two would only do the same twice.
        using var alone = await LocalLock.TakeAsync(_device.Paths, HousekeepingLock, _device.Time, cancellationToken);
        FollowIndex();
        options.Progress?.Report(HousekeepingStep.Index);
        var isWhole = await _indexCare.CheckAsync(cancellationToken);
        if (!isWhole)
            await RebuildIndexAsync(cancellationToken);
        options.Progress?.Report(HousekeepingStep.Sync);
        var synced = await BringAsync(thorough: true, cancellationToken);
        _uploads.Sweep();
        var sent = IsAnonymous ? 0 : await _queue.HousekeepAsync(cancellationToken);
        await SignAsync(cancellationToken);
        var report = await _housekeeper.RunAsync(synced, options, cancellationToken);
        RaiseFindings();
        return report with { IndexRebuilt = !isWhole, PendingSent = sent };
    }

    /// <summary>Figures about the vault, as this device knows it.</summary>
    public async Task<VaultStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        await RefreshAsync(cancellationToken);
        var tip = _device.Ledger.Tip;
        var files = _device.Files.CountFiles(Records.Spaces.Files, _device.Now);
        var packs = _device.Packs.Count();
        return new VaultStatus
        {
            Files = files.Files,
            FileBytes = files.Bytes,
            Versions = _device.Files.CountVersions(Records.Spaces.Files),
            Commits = _device.Commits.Count(Verdicts.VerdictKind.Accepted),
            Waiting = _device.Commits.Count(Verdicts.VerdictKind.Waiting),
            Refused = _device.Commits.Count(Verdicts.VerdictKind.Refused),
            Blocks = tip.Height,
            Epoch = tip.Epoch,
            Members = tip.Readers().Count(),
            AllocatedBytes = _device.Allocated,
            Objects = _device.Objects.Count(),
            Segments = _device.Objects.CountSegments(),
            Packs = packs.Packs,
            PackBytes = packs.Bytes,
            LooseCommits = _device.Packs.CountLoose(),
            Requests = _device.Store.Requests,
            LastSync = _sync.LastSync,
            LastSign = new FreshnessWatch(_device).LastSign,
            Pending = _device.Pending.Figures(long.MaxValue),
            Findings = _device.Findings.All().Count(finding => !finding.IsAccepted),
        };
    }

    /// <summary>Syncs when the last sync is older than the cooldown, so that no call lies by silence.</summary>
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await CallerContext.Leave();
        // What was written while another process built the index anew may not be in the new one yet.
        var isOther = FollowIndex();
        if (isOther || !_sync.SyncedWithin(_device.Cooldown))
            await BringAsync(thorough: isOther, cancellationToken);
        LetEnd();
    }

    /// <summary>What has ended goes from the listings.</summary>
    private void LetEnd()
    {
        try
        {
            _device.Records.EndBy(_device.Now);
        }
        catch (VaultException fault) when (fault.InnerException is SqliteException inner && LocalFaults.HasAdvice(inner))
        {
            // Where nothing can be written now, it can still be read, and what has ended reads as expired all the same.
        }
    }

    /// <summary>Goes over to the index that another process has made anew. True when there was one.</summary>
    /// <exception cref="VaultException">It was made anew for somebody else.</exception>
    private bool FollowIndex()
    {
        var isOther = _device.Database.FollowGeneration();
        if (isOther)
            _sync.Forget();
        VaultOpening.RequireOwnIndex(_device);
        return isOther;
    }

    /// <summary>The index was damaged, and an empty one is in its place: whatever comes next lists the store completely.</summary>
    private void BeginIndexAnew()
    {
        _sync.Forget();
        VaultOpening.Settle(_device);
    }

    /// <exception cref="AccessDeniedException">The vault is open without an identity.</exception>
    private void RequireIdentity()
    {
        if (_device.IsAnonymous)
            throw Writers.AccessDenials.Anonymous();
    }

    /// <summary>
    /// Waits for the writes that are under way, tells others that something is new, and closes the local files. Asynchronous writes are sent on as long as that goes well; at the first failure, or when nothing moves for half a minute, the
    /// rest stays in the queue and is sent when the vault is opened again, as what is scheduled for later is. Nothing that was refused is thrown here; <see cref="WaitFilesAsync"/> tells it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await CallerContext.Leave();
        await _queue.CloseAsync();
        await _pump.DrainAsync();
        await _marker.DisposeAsync();
        _queue.Dispose();
        _uploads.Dispose();
        _device.Dispose();
    }
}
