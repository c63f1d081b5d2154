using Coffer.Vaults.Commits;
using Coffer.Vaults.Ledger;

namespace Coffer.Vaults.Sync;

/// <summary>
/// Brings the index up to the store: the change marker, then the ledger, then a complete listing of the commits, of which what is unknown is fetched in parallel, verified, and applied in one transaction.
/// One sync runs at a time; who comes meanwhile waits for it.
/// </summary>
internal sealed class Synchronizer(VaultDevice device, CommitImporter importer, MissingWatch missing)
{
    /// <summary>How many commits are fetched side by side.</summary>
    private const int Fetches = 16;

    /// <summary>An unchanged marker is believed for this long.</summary>
    private static readonly TimeSpan MarkerTrust = TimeSpan.FromMinutes(5);

    private readonly CommitFetcher _fetcher = new(device.Store, device.Names);
    private readonly CommitOpener _opener = new(device.Keys, device.Identity, device.Environment);
    private readonly AsyncGate _gate = new(1);
    private Moment? _looked;
    private Moment? _synced;
    private Moment? _listed;

    /// <summary>When the last sync that brought everything ended, by local time; null when there was none in this process.</summary>
    public DateTimeOffset? LastSync => _synced?.Wall;

    /// <summary>Whether the last look at the ledger is younger than <paramref name="age"/>.</summary>
    public bool LookedWithin(TimeSpan age) => Within(_looked, age);

    /// <summary>Whether the last sync is younger than <paramref name="age"/>.</summary>
    public bool SyncedWithin(TimeSpan age) => Within(_synced, age);

    /// <summary>Whether the last complete listing of this process began less than <paramref name="age"/> ago.</summary>
    public bool ListedWithin(TimeSpan age) => Within(_listed, age);

    private bool Within(Moment? moment, TimeSpan age) => moment is { } known && known.Elapsed(device.Time) < age;

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
            var began = Moment.Now(device.Time);
            var marker = await ReadMarkerAsync(cancellationToken);
            if (!thorough && marker is not null && marker == device.Status.Marker && ListedWithin(MarkerTrust) && device.Status.JudgedHeight <= device.Ledger.Height)
            {
                _synced = began;
                return SyncReport.Nothing;
            }
            var report = await ListAsync(cancellationToken);
            device.Status.Marker = marker;
            _synced = began;
            return report;
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
            await device.AppendAsync(intents, async token => await ListAsync(token), cancellationToken);
            device.Database.Write(JudgeAgain);
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
            var opened = await OpenWithLedgerAsync([fetched], cancellationToken);
            await ApplyAsync(opened, cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Reads and opens a commit without importing it; null when there is none, or it does not open.</summary>
    public async Task<OpenedCommit?> ReadAsync(CommitName name, CancellationToken cancellationToken) =>
        await _fetcher.FetchAsync(name, cancellationToken) is { } fetched ? _opener.Open(device.Ledger.Tip.VaultId, fetched) : null;

    /// <summary>Applies a commit of this device that was just acknowledged.</summary>
    public async Task ApplyOwnAsync(Commit commit)
    {
        IReadOnlyList<OpenedCommit> opened = [new OpenedCommit(commit.Link.Name, commit, null, commit.Hash.ToArray(), null)];
        while (TryApply(opened) is null)
            await LookAtLedgerAsync(CancellationToken.None);
    }

    private async Task<string?> ReadMarkerAsync(CancellationToken cancellationToken)
    {
        var key = device.Names.Marker;
        if (device.Store.Capabilities.StrongVersions)
            return (await device.Store.StatAsync(key, cancellationToken))?.Version?.Value;
        try
        {
            return Convert.ToHexStringLower(await device.Store.ReadBytesAsync(key, limit: MarkerFlusher.Size, cancellationToken: cancellationToken));
        }
        catch (StoreException fault) when (fault.Kind is StoreErrorKind.NotFound or StoreErrorKind.QuotaExceeded)
        {
            return null;
        }
    }

    private async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        var moment = Moment.Now(device.Time);
        var blocks = await device.LookAtLedgerAsync(cancellationToken);
        device.Database.Write(JudgeAgain);
        _looked = moment;
        return blocks;
    }

    private async Task<SyncReport> ListAsync(CancellationToken cancellationToken)
    {
        var began = Moment.Now(device.Time);
        var blocks = await LookAsync(cancellationToken);
        var first = _listed is null;
        var (commits, storeBegan) = await ImportListedAsync(began, cancellationToken);
        if (first && missing.Any)
        {
            device.Database.Write(() => missing.AfterListing(device.Ledger, began.Wall, atOnce: false));
            began = Moment.Now(device.Time);
            blocks += await LookAsync(cancellationToken);
            (var more, storeBegan) = await ImportListedAsync(began, cancellationToken);
            commits += more;
        }
        device.Database.Write(() =>
        {
            device.Status.ListingBegan = storeBegan.ToUnixTimeMilliseconds();
            missing.AfterListing(device.Ledger, began.Wall, atOnce: first);
        });
        _listed = began;
        return new SyncReport(blocks, commits);
    }

    /// <summary>Lists all commits and imports what is unknown. Gives also when the listing began, by the store's time where it tells it.</summary>
    private async Task<(int Commits, DateTimeOffset Began)> ImportListedAsync(Moment began, CancellationToken cancellationToken)
    {
        var unknown = new List<CommitName>();
        DateTimeOffset? storeBegan = null;
        await foreach (var entry in device.Store.ListAsync(device.Names.Commits, cancellationToken: cancellationToken))
        {
            storeBegan ??= entry.StoreTime - began.Elapsed(device.Time);
            if (device.Names.ParseCommit(entry.Key) is { } name && IsWanted(name))
                unknown.Add(name);
        }
        if (unknown.Count == 0)
            return (0, storeBegan ?? began.Wall);
        StoreException? unread = null;
        var fetched = await Concurrently.SelectAsync(unknown, Fetches, FetchOrNoteAsync, cancellationToken);
        var opened = await OpenWithLedgerAsync([.. fetched.OfType<FetchedCommit>()], cancellationToken);
        var commits = await ApplyAsync(opened, cancellationToken);

        // What could be read is here now; a sync that lacks the rest does not count as one.
        return unread is null ? (commits, storeBegan ?? began.Wall) : throw unread;

        async ValueTask<FetchedCommit?> FetchOrNoteAsync(CommitName name, CancellationToken token)
        {
            try
            {
                return await _fetcher.FetchAsync(name, token);
            }
            catch (StoreException fault)
            {
                unread ??= fault;
                return null;
            }
        }
    }

    /// <summary>
    /// A commit that is not in the index; one that did not open before, only when there is a key now that it needs. And always what is vouched for and is not here, whatever stood under its name before: the store may have mended it, or show now what it showed somebody else.
    /// </summary>
    private bool IsWanted(CommitName name) =>
        device.Vouches.IsMissing(name)
        || (!device.Commits.Holds(name) && (device.Vouches.UnopenedEpoch(name) is not { } epoch || (epoch >= 0 && device.Keys.Has(epoch))));

    /// <summary>Opens commits; when one needs an epoch or states a block that is not known here, the ledger is read again first.</summary>
    private async Task<OpenedCommit[]> OpenWithLedgerAsync(IReadOnlyList<FetchedCommit> fetched, CancellationToken cancellationToken)
    {
        var opened = await _opener.OpenAsync(device.Ledger.Tip.VaultId, fetched, cancellationToken);
        if (!opened.Any(NeedsLedger))
            return opened;
        await LookAsync(cancellationToken);
        return await _opener.OpenAsync(device.Ledger.Tip.VaultId, fetched, cancellationToken);
    }

    private bool NeedsLedger(OpenedCommit opened) =>
        opened.Epoch > device.Ledger.Tip.Epoch || (opened.Commit is { } commit && commit.Head.LedgerHeight > device.Ledger.Height);

    private async Task<int> ApplyAsync(IReadOnlyList<OpenedCommit> opened, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryApply(opened) is { } count)
                return count;
            await LookAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Applies commits in one transaction. Null when another process has judged with a longer ledger than this one knows: its verdicts must not be taken back, so this one looks first.
    /// </summary>
    private int? TryApply(IReadOnlyList<OpenedCommit> opened) => device.Database.Write<int?>(() =>
    {
        if (device.Status.JudgedHeight > device.Ledger.Height)
            return null;
        var count = importer.Import(device.Ledger, opened, device.Now);
        JudgeAgain();
        return count;
    });

    private void JudgeAgain()
    {
        var judged = device.Status.JudgedHeight;
        if (judged > device.Ledger.Height)
            return;
        importer.JudgeAgain(device.Ledger, judged, device.Now);
        if (judged < device.Ledger.Height)
            device.Status.JudgedHeight = device.Ledger.Height;
    }
}
