using System.Runtime.ExceptionServices;
using Coffer.Vaults.Databases;
using Coffer.Vaults.Files;
using Coffer.Vaults.State;

namespace Coffer.Vaults.Pending;

/// <summary>
/// Sends what is in the queue, in the one process that holds the queue's lock: all that waits goes together, large entries by themselves, and what is of one path in order. It runs while there is something to send, now or at a moment that is known, and holds
/// the lock only while something is on its way, so any process of the device can be the next.
/// </summary>
internal sealed class QueueRunner
{
    private const string LockName = "queue";

    /// <summary>So many groups of small entries are on their way at a time, and so many large ones.</summary>
    private const int MostAtATime = 2;

    /// <summary>How often it is looked whether the process that sends has ended.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>A moment that is far away is waited for in steps, because clocks are set.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10);

    /// <summary>When it closes, what is on its way may stand still for so long.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    private readonly VaultDevice _device;
    private readonly GroupSender _sender;
    private readonly SendGroups _groups;
    private readonly SendBackOff _backOff;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Sending> _sending = [];
    private LocalLock? _held;
    private Task _run = Task.CompletedTask;
    private Exception? _fault;
    private bool _running;
    private bool _closing;
    private bool _gaveUp;
    private long _moved;

    public QueueRunner(VaultDevice device, PendingSender sender, Spool spool)
    {
        _device = device;
        Listeners = new ProgressListeners(() => Interlocked.Increment(ref _moved));
        _sender = new GroupSender(device, sender, spool, Listeners);
        _groups = new SendGroups(device.Pending);
        _backOff = new SendBackOff(device.Environment);
    }

    private PendingTable Table => _device.Pending;

    /// <summary>Who is told how far the sending is.</summary>
    public ProgressListeners Listeners { get; }

    /// <summary>Told when anything changes.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>Whether this process sends now, and the last attempt did not fail: then the queue gets shorter.</summary>
    public bool Moves
    {
        get
        {
            lock (_lock)
                return _running && _backOff.Failures == 0;
        }
    }

    /// <summary>Whether another process of this device was sending when this one wanted to.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>Whether nothing is on its way from this process.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _sending.Count == 0;
        }
    }

    /// <summary>Whether an entry is on its way from this process.</summary>
    public bool IsSending(long id)
    {
        lock (_lock)
            return _sending.ContainsKey(id);
    }

    /// <summary>Sends what there is, from now on and until nothing is left, unless that is so already.</summary>
    public void Start()
    {
        TaskCompletionSource ended;
        lock (_lock)
        {
            if (_closing || _running)
                return;
            _running = true;
            ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _run = ended.Task;
        }
        _ = RunAsync(ended);
    }

    /// <summary>Tries again at once what waits because an attempt failed.</summary>
    public void Hurry()
    {
        lock (_lock)
        {
            _backOff.Reset();
            _groups.LookAgain();
        }
        IsElsewhere = false;
        Wake();
    }

    /// <summary>Looks at what is new in the queue.</summary>
    public void Wake()
    {
        // In this order: who is about to end notices the change.
        Changed.Give();
        Start();
    }

    /// <summary>Throws what the queue itself stopped at, once.</summary>
    public void ThrowIfFaulted()
    {
        if (Interlocked.Exchange(ref _fault, null) is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }

    /// <summary>Ends the attempt to send an entry that was taken out of the queue. One that shares its commit with others is left out of it.</summary>
    public void Stop(long id)
    {
        lock (_lock)
        {
            if (_sending.TryGetValue(id, out var sending) && sending.Ids.Count == 1)
                sending.Stop.Cancel();
        }
    }

    /// <summary>Sends on what is due while that goes well, and then ends.</summary>
    public async Task CloseAsync()
    {
        lock (_lock)
            _closing = true;
        Changed.Give();
        var moved = Interlocked.Read(ref _moved);
        var since = Moment.Now(_device.Time);
        while (true)
        {
            var beat = Changed.Beat;
            if (_run.IsCompleted)
                return;
            await Changed.WaitAsync(beat, Stall, _device.Time, CancellationToken.None);
            if (Interlocked.Read(ref _moved) is var now && now != moved)
                (moved, since) = (now, Moment.Now(_device.Time));
            else if (since.Elapsed(_device.Time) >= Stall)
                StopAll();
        }
    }

    /// <summary>Ends what stands still, and begins nothing any more.</summary>
    private void StopAll()
    {
        lock (_lock)
        {
            _gaveUp = true;
            foreach (var sending in _sending.Values)
                sending.Stop.Cancel();
        }
    }

    private async Task RunAsync(TaskCompletionSource ended)
    {
        // The caller goes on.
        await Task.Yield();
        try
        {
            while (await StepAsync())
            {
            }
        }
        catch (Exception fault)
        {
            _fault = fault;
            lock (_lock)
                _running = false;
        }
        ended.SetResult();
        Changed.Give();
    }

    /// <summary>Starts what can be started, and waits until there is something to do again. False when nothing is left.</summary>
    private async Task<bool> StepAsync()
    {
        var beat = Changed.Beat;
        var (rest, failed) = Rest();
        var now = _device.Now;
        var due = Table.AnyDue(now);
        if (due && rest == TimeSpan.Zero && !(_closing && (failed || _gaveUp)))
        {
            _held ??= TakeLock();
            IsElsewhere = _held is null;
            if (_held is not null)
                StartDue(now);
            else if (!_closing)
                rest = Poll;
        }
        if (IsIdle)
        {
            _held?.Dispose();
            _held = null;
            if (_closing)
                return End(always: true, beat);
            if (!due && Table.NextScheduled(now) is null)
                return End(always: false, beat);
        }
        if (!await Changed.WaitAsync(beat, Sleep(rest, now), _device.Time, CancellationToken.None))
            Slept(rested: rest > TimeSpan.Zero);
        return true;
    }

    private LocalLock? TakeLock()
    {
        // Who had it before may have changed anything.
        lock (_lock)
            _groups.LookAgain();
        return LocalLock.TryTake(_device.Paths, LockName);
    }

    private (TimeSpan Left, bool Failed) Rest()
    {
        lock (_lock)
            return (_backOff.Left, _backOff.Failures > 0);
    }

    /// <summary>Time has passed, so what was scheduled may be due.</summary>
    private void Slept(bool rested)
    {
        lock (_lock)
        {
            if (rested)
                _backOff.Rested();
            _groups.LookAgain();
        }
    }

    private TimeSpan Sleep(TimeSpan rest, long now)
    {
        if (rest > TimeSpan.Zero)
            return rest;
        return Table.NextScheduled(now) is { } next && next - now is var left && left < LongestSleep.TotalMilliseconds ? TimeSpan.FromMilliseconds(left) : LongestSleep;
    }

    private bool End(bool always, long beat)
    {
        lock (_lock)
        {
            if (!always && Changed.Beat != beat)
                return true;
            return _running = false;
        }
    }

    private void StartDue(long now)
    {
        lock (_lock)
        {
            // After a failure it is seen first how it goes.
            if (!_backOff.IsFull && _sending.Count > 0)
                return;
            while (_groups.Next(now, _backOff.Burst, _sending.ContainsKey, MayStart(large: false), MayStart(large: true)) is { Count: > 0 } group)
            {
                var sending = new Sending([.. group.Select(static entry => entry.Id)], SendGroups.IsLarge(group[0]), new CancellationTokenSource());
                foreach (var id in sending.Ids)
                    _sending.Add(id, sending);
                _ = SendAsync(sending);
                if (!_backOff.IsFull)
                    return;
            }
        }
    }

    private bool MayStart(bool large) => _sending.Values.Where(sending => sending.IsLarge == large).Distinct().Count() < MostAtATime;

    private async Task SendAsync(Sending sending)
    {
        // The lock that is held while it is started is left first.
        await Task.Yield();
        bool? went = false;
        try
        {
            went = await _sender.SendAsync(sending.Ids, sending.Stop.Token);
        }
        catch (Exception fault)
        {
            // The local files cannot be written, so that not even the failure can be kept.
            _fault = fault;
        }
        lock (_lock)
        {
            if (went is true)
                _backOff.Succeeded();
            else if (went is false)
                _backOff.Failed();
            _groups.LookAgain();
            foreach (var id in sending.Ids)
                _sending.Remove(id);
            sending.Stop.Dispose();
        }
        Interlocked.Increment(ref _moved);
        Changed.Give();
    }

    private sealed class Sending(IReadOnlyList<long> ids, bool isLarge, CancellationTokenSource stop)
    {
        public IReadOnlyList<long> Ids { get; } = ids;

        public bool IsLarge { get; } = isLarge;

        public CancellationTokenSource Stop { get; } = stop;
    }
}
