using Coffer.Vaults.Commits;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.Sync;

/// <summary>
/// Brings the index up to the store: the change marker, then the ledger, then a complete listing of the commits, of which what is unknown is fetched in parallel, verified, and applied in one transaction.
/// One sync runs at a time; who comes meanwhile waits for it.
/// </summary>
internal sealed class Synchronizer
{
    /// <summary>An unchanged marker is believed for this long.</summary>
    private static readonly TimeSpan MarkerTrust = TimeSpan.FromMinutes(5);

    private readonly VaultDevice _device;
    private readonly MissingWatch _missing;
    private readonly FreshnessWatch _freshness;
    private readonly CommitFetcher _fetcher;
    private readonly CommitOpener _opener;
    private readonly CommitIntake _intake;
    private readonly StoreListing _listing;
    private readonly AsyncGate _gate = new(1);
    private Moment? _looked;
    private Moment? _synced;
    private Moment? _commitsListed;
    private Moment? _listed;

    public Synchronizer(VaultDevice device)
    {
        _device = device;
        _missing = new MissingWatch(device);
        _freshness = new FreshnessWatch(device);
        _fetcher = new CommitFetcher(device.Store, device.Names);
        _opener = new CommitOpener(device.Keys, device.Identity, device.Environment);
        _intake = new CommitIntake(device, _opener, LookAsync);
        _listing = new StoreListing(device, _fetcher, _intake);
    }

    /// <summary>When the last sync that brought everything ended, by local time; null when there was none in this process.</summary>
    public DateTimeOffset? LastSync => _synced?.Wall;

    /// <summary>Whether the last look at the ledger is younger than <paramref name="age"/>.</summary>
    public bool LookedWithin(TimeSpan age) => Within(_looked, age);

    /// <summary>Whether the last sync is younger than <paramref name="age"/>.</summary>
    public bool SyncedWithin(TimeSpan age) => Within(_synced, age);

    /// <summary>Whether the last complete listing of this process, of commits and packs, began less than <paramref name="age"/> ago.</summary>
    public bool ListedWithin(TimeSpan age) => Within(_listed, age);

    private bool Within(Moment? moment, TimeSpan age) => moment is { } known && known.Elapsed(_device.Time) < age;

    /// <summary>Notes that the index is another one now, which may lack what was listed before.</summary>
    public void Forget()
    {
        _synced = null;
        _commitsListed = null;
        _listed = null;
    }

    /// <summary>Imports new blocks alone.</summary>
    public async Task<int> LookAtLedgerAsync(CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken: cancellationToken);
        try
        {
            return await LookAsync(cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Brings everything. Unless <paramref name="thorough"/>, an unchanged marker says that there is nothing.</summary>
    public async Task<SyncReport> SyncAsync(bool thorough, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken: cancellationToken);
        try
        {
            var began = Moment.Now(_device.Time);
            var marker = await ReadMarkerAsync(cancellationToken);
            if (!thorough && marker is not null && marker == _device.Status.Marker && Within(_commitsListed, MarkerTrust) && _device.Status.JudgedHeight <= _device.Ledger.Height)
            {
                _synced = began;
                return SyncReport.Nothing;
            }
            var report = await ListAsync(cancellationToken);
            _device.Status.Marker = marker;
            _synced = began;
            return report;
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Brings everything, and reports at once what is missing: no time is given for it to come.</summary>
    public async Task<SyncReport> SyncAtOnceAsync(CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken: cancellationToken);
        try
        {
            Forget();
            return await ListAsync(cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Makes changes to the ledger: one block with all of them, or none.</summary>
    public async Task AppendAsync(IReadOnlyList<LedgerIntent> intents, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken: cancellationToken);
        try
        {
            await _device.AppendAsync(intents, async token => await ListAsync(token), cancellationToken);
            _device.Database.Write(_intake.JudgeAgain);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Imports a single commit that is known to be on the store.</summary>
    public async Task ImportAsync(CommitName name, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken: cancellationToken);
        try
        {
            if (await _fetcher.FetchAsync(name, cancellationToken) is not { } fetched)
                return;
            await _intake.ImportAsync([fetched], cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Reads the packs that are new on the store, and forgets those that are gone.</summary>
    public async Task LookIntoPacksAsync(CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken: cancellationToken);
        try
        {
            await _listing.ReadPacksAsync(cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Reads and opens a commit without importing it; null when there is none, or it does not open.</summary>
    public async Task<OpenedCommit?> ReadAsync(CommitName name, CancellationToken cancellationToken) =>
        await _fetcher.FetchAsync(name, cancellationToken) is { } fetched ? _opener.Open(_device.Ledger.Tip.VaultId, fetched) : null;

    /// <summary>Applies a commit of this device that was just acknowledged.</summary>
    public async Task ApplyOwnAsync(Commit commit)
    {
        IReadOnlyList<OpenedCommit> opened = [new OpenedCommit(commit.Link.Name, commit, null, commit.Hash.ToArray(), null)];
        while (_intake.TryApply(opened) is null)
            await LookAtLedgerAsync(CancellationToken.None);
    }

    /// <summary>Lets wait what this person's devices stamped so far ahead that it waits on all others. False when there is nothing of that kind.</summary>
    public bool LetAheadWait()
    {
        if (!_device.HasAhead)
            return false;
        _device.Database.Write(_intake.LetAheadWait);
        return true;
    }

    private async Task<string?> ReadMarkerAsync(CancellationToken cancellationToken)
    {
        var key = _device.Names.Marker;
        if (_device.Store.Capabilities.StrongVersions)
            return (await _device.Store.StatAsync(key, cancellationToken))?.Version?.Value;
        try
        {
            return Convert.ToHexStringLower(await _device.Store.ReadBytesAsync(key, limit: MarkerFlusher.Size, cancellationToken: cancellationToken));
        }
        catch (StoreException fault) when (fault.Kind is StoreErrorKind.NotFound or StoreErrorKind.QuotaExceeded or StoreErrorKind.ConditionFailed)
        {
            // There is none that could say that nothing is new, or it was written in this moment.
            return null;
        }
    }

    private async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        var moment = Moment.Now(_device.Time);
        var blocks = await _device.LookAtLedgerAsync(cancellationToken);
        _device.Database.Write(_intake.JudgeAgain);
        _looked = moment;
        return blocks;
    }

    /// <summary>A complete listing, twice where the first one learned of what it may have passed by.</summary>
    private async Task<SyncReport> ListAsync(CancellationToken cancellationToken)
    {
        var began = Moment.Now(_device.Time);
        var blocks = await LookAsync(cancellationToken);
        var first = _listed is null;
        var listing = await ListOnceAsync(began, cancellationToken);
        var commits = listing.Commits;
        if (first && _missing.Any)
        {
            _device.Database.Write(() => _missing.AfterListing(_device.Ledger, began.Wall, atOnce: false));
            began = Moment.Now(_device.Time);
            blocks += await LookAsync(cancellationToken);
            _listed = null;
            listing = await ListOnceAsync(began, cancellationToken);
            commits += listing.Commits;
        }
        _device.Database.Write(() =>
        {
            if (_device.Status.ListedCommits != listing.Names)
                _device.Status.ListedCommits = listing.Names;
            if (listing.WithPacks)
                _device.Status.ListingBegan = listing.Began?.ToUnixTimeMilliseconds();
            _missing.AfterListing(_device.Ledger, began.Wall, atOnce: first);
            _freshness.AfterListing();
            if (_device.StoreTime.Last is var (told, ahead) && ClockReport.Compare(told, ahead) is { } apart)
                _device.Findings.Report(apart);
        });
        return new SyncReport(blocks, commits);
    }

    private async Task<ListingResult> ListOnceAsync(Moment began, CancellationToken cancellationToken)
    {
        var half = _device.PackingMargin / 2;
        var result = await _listing.RunAsync(began, withPacks: !ListedWithin(half), tooOld: () => !ListedWithin(_device.PackingMargin), cancellationToken);
        _commitsListed = began;
        if (result.WithPacks)
            _listed = began;
        return result;
    }
}
