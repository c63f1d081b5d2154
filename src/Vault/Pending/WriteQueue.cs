using Coffer.Vaults.Bodies;
using Coffer.Vaults.Cryptography;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Files;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Pending;

/// <summary>The writes of this device that were accepted and are sent later: what a caller does with them.</summary>
internal sealed class WriteQueue : IDisposable
{
    private const string SealPurpose = "coffer/pending/v1";

    /// <summary>How often a caller looks itself, because another process may be the one that sends.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>So many times the lock of the queue may be refused before another process is believed to send.</summary>
    private const int MostRefusedLocks = 2;

    private readonly VaultDevice _device;
    private readonly QueueOptions _options;
    private readonly LocalSeal _seal;
    private readonly Spool _spool;
    private readonly QueueRoom _room;
    private readonly QueueAcceptor _acceptor;
    private readonly QueueRunner _runner;
    private readonly PendingSalvage _salvage;
    private readonly Lock _lock = new();
    private readonly HashSet<long> _told = [];

    public WriteQueue(VaultDevice device, FileWriter writer, PiecePool pool, QueueOptions options)
    {
        _device = device;
        _options = options;
        _seal = new LocalSeal(device.Identity, SealPurpose, device.Environment.Random);
        _spool = new Spool(device);
        _room = new QueueRoom(device.Pending, options);
        _acceptor = new QueueAcceptor(device, _spool, _room, _seal, pool);
        _salvage = new PendingSalvage(device, _spool, _room, _seal);
        _runner = new QueueRunner(device, new PendingSender(device, writer, _spool, _seal, pool), _spool);
    }

    private PendingTable Table => _device.Pending;

    /// <summary>Takes up what an earlier process left.</summary>
    public void Resume()
    {
        if (_device.IsAnonymous)
            return;
        _spool.Sweep();
        if (_options.Sends && Table.AnyOpen)
            _runner.Start();
    }

    /// <summary>Accepts a call; gives the sizes of its files.</summary>
    /// <param name="writes">Its files, which become visible together.</param>
    /// <param name="notBefore">From when on it may be sent, in local milliseconds; 0 for at once.</param>
    /// <param name="cancellationToken">Cancels it, as long as it was not accepted.</param>
    public async Task<IReadOnlyList<long>> AcceptAsync(IReadOnlyList<AcceptedWrite> writes, long notBefore, CancellationToken cancellationToken)
    {
        var bytes = writes.Sum(static write => write.Content.Length ?? 0);
        await EnterAsync(writes.Count, bytes, cancellationToken);
        try
        {
            _runner.Listeners.Listen(writes);
            var sizes = await _acceptor.AcceptAsync(writes, notBefore, cancellationToken);
            if (_options.Sends)
                _runner.Wake();
            return sizes;
        }
        catch
        {
            _runner.Listeners.Forget(writes.Select(static write => write.Plan.Id));
            throw;
        }
        finally
        {
            _room.Leave(writes.Count, bytes);
        }
    }

    /// <summary>Waits for room while the queue gets shorter by itself.</summary>
    private async Task EnterAsync(long files, long bytes, CancellationToken cancellationToken)
    {
        if (!_room.CanEverEnter(files, bytes))
            throw _room.Full("it alone is larger than that");
        while (true)
        {
            var beat = _runner.Changed.Beat;
            // Seen before the room is looked at, because the queue may get empty in between; and looked at again when others have filled it in between.
            var moves = _room.IsBeingTaken || (_runner.Moves && Table.AnyDue(_device.Now));
            if (_room.TryEnter(files, bytes))
                return;
            if (!moves && !_room.IsBeingTaken && _runner.Changed.Beat == beat)
                throw _room.Full($"nothing leaves the queue now{(Table.Figures(long.MaxValue).OldestError is { } error ? $" ({error})" : "")}");
            await _runner.Changed.WaitAsync(beat, Poll, _device.Time, cancellationToken);
        }
    }

    /// <summary>Waits until nothing is to be sent any more, but what is scheduled for later.</summary>
    /// <exception cref="AggregateException">Some were refused, and that was not told before the call.</exception>
    public async Task WaitAsync(IProgress<PendingFigures>? progress, CancellationToken cancellationToken)
    {
        var before = ToldSoFar();
        // Who sleeps until a moment that has come by now is woken: its timer knows nothing of a clock that was set.
        if (Table.AnyDue(_device.Now))
            _runner.Wake();
        while (true)
        {
            var beat = _runner.Changed.Beat;
            _runner.ThrowIfFaulted();
            var now = _device.Now;
            if (!Table.AnyDue(now) && _runner.IsIdle)
                break;
            _runner.Start();
            progress?.Report(Table.Figures(now));
            await _runner.Changed.WaitAsync(beat, Poll, _device.Time, cancellationToken);
        }
        progress?.Report(Table.Figures(_device.Now));
        var refused = Table.Refused().FindAll(write => !before.Contains(write.Id));
        lock (_lock)
            _told.UnionWith(refused.Select(static write => write.Id));
        if (refused.Count > 0)
            throw new AggregateException("Some files were not written.", refused.Select(static write => new WriteRefusedException(write)));
    }

    private HashSet<long> ToldSoFar()
    {
        lock (_lock)
            return [.. _told];
    }

    /// <summary>Lets those go first that were accepted before and are of the same path: what comes later in the program is later in the vault.</summary>
    /// <exception cref="StoreException">One of them cannot be sent now.</exception>
    public async Task LetPassAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        (long Id, long Attempts, bool WasOnItsWay) waiting = default;
        while (true)
        {
            var beat = _runner.Changed.Beat;
            _runner.ThrowIfFaulted();
            if (Table.AheadOf(paths, _device.Now) is not var (id, _, _))
                return;
            var isOnItsWay = _runner.IsSending(id);
            // Counted after that: an attempt that has ended by then is among them.
            if (Table.AheadOf(paths, _device.Now) is not var (same, attempts, error) || same != id)
                continue;
            if (id != waiting.Id || (waiting.WasOnItsWay && !isOnItsWay))
            {
                // An attempt that had begun before says nothing about now: when it has ended, another one is made at once.
                waiting = (id, attempts, isOnItsWay);
                _runner.Hurry();
            }
            else if (!waiting.WasOnItsWay && attempts > waiting.Attempts)
            {
                throw new StoreException(StoreErrorKind.Unavailable, $"'{paths[0]}' cannot be changed now, because an asynchronous write that was accepted before could not be sent yet, and goes first: {error}")
                { Operation = StoreOperation.Put, StoreName = _device.Store.Name };
            }
            _runner.Start();
            await _runner.Changed.WaitAsync(beat, Poll, _device.Time, cancellationToken);
        }
    }

    /// <summary>Sends what waited for housekeeping, and all that is due; as <see cref="SendAsync"/>. Removes spool files that stayed, because their entries arrived by a commit that was only found out about later.</summary>
    public Task<long> HousekeepAsync(CancellationToken cancellationToken)
    {
        _spool.Sweep();
        Table.ReleaseForHousekeeping(_device.Now);
        return SendAsync(progress: null, cancellationToken);
    }

    /// <summary>Sends all that is due; gives how many files went. Ends when an attempt fails, or another process sends.</summary>
    public async Task<long> SendAsync(IProgress<PendingFigures>? progress, CancellationToken cancellationToken)
    {
        var now = _device.Now;
        if (!Table.AnyDue(now))
            return 0;
        var before = Table.Figures(now);
        var refusedLocks = 0;
        _runner.Hurry();
        while (true)
        {
            var beat = _runner.Changed.Beat;
            progress?.Report(Table.Figures(now));
            // A program that this process starts holds its files, and with them the lock, for the moment until it has begun.
            refusedLocks = _runner.IsElsewhere ? refusedLocks + 1 : 0;
            if (!Table.AnyDue(now) || !_runner.Moves || refusedLocks > MostRefusedLocks)
                break;
            await _runner.Changed.WaitAsync(beat, Poll, _device.Time, cancellationToken);
        }
        var left = Table.Figures(now);
        return Math.Max(0, before.Files + before.Refused - left.Files - left.Refused);
    }

    /// <summary>Takes a write out of the queue. False when it may be on the store already.</summary>
    public bool Cancel(long id)
    {
        if (!Table.TryCancel(id))
            return false;
        _runner.Stop(id);
        _spool.Sweep();
        return true;
    }

    /// <summary>Takes over what waits in a state that is damaged; gives the paths.</summary>
    public async Task<IReadOnlyList<string>> SalvageAsync(LocalPaths other, CancellationToken cancellationToken)
    {
        var paths = await _salvage.TakeAsync(other, cancellationToken);
        if (_options.Sends)
            _runner.Wake();
        return paths;
    }

    /// <summary>Tries again what was refused.</summary>
    public bool Retry(long id)
    {
        if (!Table.Retry(id))
            return false;
        lock (_lock)
            _told.Remove(id);
        if (_options.Sends)
            _runner.Hurry();
        return true;
    }

    /// <summary>Sends on while that goes well, and then stops.</summary>
    public Task CloseAsync() => _runner.CloseAsync();

    public void Dispose() => _seal.Dispose();
}
